/** Alerts: deliveries in, episodes and run requests out. */
@NullMarked
package dev.drover.alert;

import org.jspecify.annotations.NullMarked;
