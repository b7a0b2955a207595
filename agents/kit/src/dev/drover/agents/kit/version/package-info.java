/**
 * How versions are ordered in the worlds that packages come from; each has rules of its own, and
 * comparing by the wrong ones finds faults that are none, or misses real ones.
 */
@NullMarked
package dev.drover.agents.kit.version;

import org.jspecify.annotations.NullMarked;
