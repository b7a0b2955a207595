/** Metrics about what Drover does. */
@NullMarked
package dev.drover.telemetry;

import org.jspecify.annotations.NullMarked;
