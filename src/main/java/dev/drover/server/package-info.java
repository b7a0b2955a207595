/** Puts the packages together into a running server. */
@NullMarked
package dev.drover.server;

import org.jspecify.annotations.NullMarked;
