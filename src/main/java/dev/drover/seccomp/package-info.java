/** A filter of system calls, as the kernel's classic BPF wants it. */
@NullMarked
package dev.drover.seccomp;

import org.jspecify.annotations.NullMarked;
