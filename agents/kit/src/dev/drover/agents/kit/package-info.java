/**
 * What programs of agents share: reading the input, writing the output, telling failures by their
 * exit codes, serving many attempts when they are kept warm. Nothing here knows Drover's server.
 */
@NullMarked
package dev.drover.agents.kit;

import org.jspecify.annotations.NullMarked;
