/** Workflow versions as Camel routes. */
@NullMarked
package dev.drover.route;

import org.jspecify.annotations.NullMarked;
