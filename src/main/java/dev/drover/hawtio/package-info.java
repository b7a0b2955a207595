/** Hawtio and Jolokia at the port of metrics: who reaches them, and what they show. */
@NullMarked
package dev.drover.hawtio;

import org.jspecify.annotations.NullMarked;
