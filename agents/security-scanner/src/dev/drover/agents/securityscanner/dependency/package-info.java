/**
 * What a source tree depends on, by its manifests, and which of that is known to be vulnerable, by
 * records of the Open Source Vulnerability format.
 */
@NullMarked
package dev.drover.agents.securityscanner.dependency;

import org.jspecify.annotations.NullMarked;
