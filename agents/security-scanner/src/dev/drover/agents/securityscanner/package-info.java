/**
 * The agent that finds leaked secrets and container misconfiguration in a source tree. A program of
 * its own: JSON on stdin, JSON on stdout, log lines on stderr.
 */
@NullMarked
package dev.drover.agents.securityscanner;

import org.jspecify.annotations.NullMarked;
