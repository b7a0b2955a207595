/** The names by which things are known, each a type of its own. */
@NullMarked
package dev.drover.name;

import org.jspecify.annotations.NullMarked;
