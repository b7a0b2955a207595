package dev.drover.telemetry;

import dev.drover.run.TraceParent;
import io.opentelemetry.api.common.Attributes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A span that is over when it is told.
 *
 * @param place its own, which was known before
 * @param parent the span of the same trace beneath which it is; absent: it is the first
 * @param error the type of what went wrong, if something did
 */
record PastSpan(
    String name,
    TraceParent place,
    Optional<String> parent,
    List<TraceParent> links,
    Attributes attributes,
    Optional<String> error,
    Instant startedAt,
    Instant endedAt) {}
