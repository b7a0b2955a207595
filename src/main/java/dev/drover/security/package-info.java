/** Who may call. */
@NullMarked
package dev.drover.security;

import org.jspecify.annotations.NullMarked;
