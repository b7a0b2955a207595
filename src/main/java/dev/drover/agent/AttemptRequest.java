package dev.drover.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a runtime is given: an attempt whose input has been checked.
 *
 * @param mountBase what relative host paths in the input are resolved against
 * @param files what is on this host for the attempt already
 */
public record AttemptRequest(
    AgentManifest manifest,
    Map<String, Object> input,
    Path mountBase,
    Duration timeout,
    AttemptIdentity identity,
    LogSink log,
    StagedFiles files) {

  /** One without files. */
  public AttemptRequest(
      AgentManifest manifest,
      Map<String, Object> input,
      Path mountBase,
      Duration timeout,
      AttemptIdentity identity,
      LogSink log) {
    this(manifest, input, mountBase, timeout, identity, log, StagedFiles.NONE);
  }

  /** The same attempt with its files. */
  AttemptRequest with(StagedFiles staged) {
    return new AttemptRequest(manifest, input, mountBase, timeout, identity, log, staged);
  }
}
