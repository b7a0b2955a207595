/**
 * Applies automated fixes to a source tree, returns the diff, and writes only if told to.
 * Everything it reads is untrusted: the tree, the fixes and the patches in them.
 */
@NullMarked
package dev.drover.agents.patcher;

import org.jspecify.annotations.NullMarked;
