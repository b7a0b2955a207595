/** Files that nodes leave for later nodes: which there are, who may read them, where they are. */
@NullMarked
package dev.drover.artifact;

import org.jspecify.annotations.NullMarked;
