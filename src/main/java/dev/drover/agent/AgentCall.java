package dev.drover.agent;

import dev.drover.name.AgentName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One attempt that is asked for.
 *
 * @param timeout the caller's limit; the manifest's holds as well
 * @param log gets the log lines live and in order
 */
public record AgentCall(
    AgentName agent,
    Map<String, Object> input,
    Optional<Duration> timeout,
    AttemptIdentity identity,
    LogSink log) {}
