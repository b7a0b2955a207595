/**
 * The agent that says under which licences a tree of software and its dependencies stand, and
 * whether a policy allows them. It runs in a process of its own, so nothing here imports Drover's
 * server.
 */
@NullMarked
package dev.drover.agents.compliancechecker;

import org.jspecify.annotations.NullMarked;
