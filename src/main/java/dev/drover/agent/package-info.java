/** Agents: manifests, registration, and the runtimes that execute them. */
@NullMarked
package dev.drover.agent;

import org.jspecify.annotations.NullMarked;
