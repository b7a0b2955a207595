/**
 * An agent that reviews a change, given as a unified diff or a range of a git repository, by rules
 * that are data, and says what it found at which line. See README.md in this folder.
 */
@NullMarked
package dev.drover.agents.codereviewer;

import org.jspecify.annotations.NullMarked;
