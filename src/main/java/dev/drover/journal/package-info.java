/** The journal in PostgreSQL: the truth about runs. */
@NullMarked
package dev.drover.journal;

import org.jspecify.annotations.NullMarked;
