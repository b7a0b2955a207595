package dev.drover.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a runtime is given: an attempt whose input has been checked.
 *
 * @param mountBase what relative host paths in the input are resolved against
 */
public record AttemptRequest(
    AgentManifest manifest,
    Map<String, Object> input,
    Path mountBase,
    Duration timeout,
    AttemptIdentity identity,
    LogSink log) {}
