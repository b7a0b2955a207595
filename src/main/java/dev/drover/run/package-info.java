/**
 * Runs: their states, what a node does next, and who carries a run forward. Pure decisions, no I/O.
 */
@NullMarked
package dev.drover.run;

import org.jspecify.annotations.NullMarked;
