/** Metrics and traces of what Drover does. */
@NullMarked
package dev.drover.telemetry;

import org.jspecify.annotations.NullMarked;
