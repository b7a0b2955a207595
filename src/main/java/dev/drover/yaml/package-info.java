/** Safe YAML with positions, and the problems that a reader of a document can report. */
@NullMarked
package dev.drover.yaml;

import org.jspecify.annotations.NullMarked;
