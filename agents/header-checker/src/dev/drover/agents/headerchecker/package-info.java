/**
 * The agent that grades what a web server says to browsers about security. It runs in a process of
 * its own, so nothing here imports Drover's server.
 */
@NullMarked
package dev.drover.agents.headerchecker;

import org.jspecify.annotations.NullMarked;
