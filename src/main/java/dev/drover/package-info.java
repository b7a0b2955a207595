/** Drover: from alert to finished remediation. */
@NullMarked
package dev.drover;

import org.jspecify.annotations.NullMarked;
