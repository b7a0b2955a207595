package dev.drover.agent;

import dev.drover.name.AgentName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One attempt that is asked for.
 *
 * @param timeout the caller's limit; the manifest's holds as well
 * @param log gets the log lines live, in order, on the registry's executor. It should be quick:
 *     while it works it holds a thread of that executor
 */
public record AgentCall(
    AgentName agent,
    Map<String, Object> input,
    Optional<Duration> timeout,
    AttemptIdentity identity,
    Consumer<LogLine> log) {}
