/**
 * Dagger's session protocol: finding or starting a session, running a container in it. HTTP to an
 * engine is spoken here and nowhere else; agents are not known here.
 */
@NullMarked
package dev.drover.agent.dagger;

import org.jspecify.annotations.NullMarked;
