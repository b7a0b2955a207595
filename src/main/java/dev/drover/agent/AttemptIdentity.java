package dev.drover.agent;

import java.util.Optional;

/**
 * Who an attempt is: what the agent finds in its environment.
 *
 * @param attempt counts from 1
 * @param idempotencyKey the same for every attempt at the same work
 * @param traceparent W3C trace context, if the run is traced
 */
public record AttemptIdentity(
    String run, String node, int attempt, String idempotencyKey, Optional<String> traceparent) {}
