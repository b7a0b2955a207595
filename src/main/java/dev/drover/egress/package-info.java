/** The way out for programs that may reach some hosts only: lists of hosts, and the proxy. */
@NullMarked
package dev.drover.egress;

import org.jspecify.annotations.NullMarked;
