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
 * @param files where its files come from and go to
 */
public record AgentCall(
    AgentName agent,
    Map<String, Object> input,
    Optional<Duration> timeout,
    AttemptIdentity identity,
    LogSink log,
    AttemptFiles files) {

  /** A call whose files nobody keeps. */
  public AgentCall(
      AgentName agent,
      Map<String, Object> input,
      Optional<Duration> timeout,
      AttemptIdentity identity,
      LogSink log) {
    this(agent, input, timeout, identity, log, AttemptFiles.NONE);
  }
}
