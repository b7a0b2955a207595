/** The workflow language: documents in, validated and type-checked workflows out. Pure. */
@NullMarked
package dev.drover.workflow;

import org.jspecify.annotations.NullMarked;
