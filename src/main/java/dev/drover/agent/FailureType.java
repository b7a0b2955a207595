package dev.drover.agent;

/** Why an attempt failed: the constant that conditions and metrics are built on. */
public enum FailureType {
  /** No agent of that name is registered. */
  AGENT_UNKNOWN,
  /** The agent cannot run here, as its registration found. */
  AGENT_UNAVAILABLE,
  /** The input breaks the agent's schema; nothing was started. */
  INPUT_INVALID,
  /** A host path of the input lies outside what may be mounted; nothing was started. */
  MOUNT_REFUSED,
  /** A secret of the manifest is not known; nothing was started. */
  SECRET_MISSING,
  /** The program could not be started. */
  START_FAILED,
  /** The time limit. */
  TIMEOUT,
  /** More memory than the manifest allows. */
  MEMORY,
  /** More processes and threads than the manifest allows. */
  PIDS,
  /** More output than the manifest allows. */
  OUTPUT_TOO_LARGE,
  /** The output is not one JSON document. */
  OUTPUT_NOT_JSON,
  /** The output breaks the agent's schema. */
  OUTPUT_INVALID,
  /** More in files than the manifest allows. */
  ARTIFACT_TOO_LARGE,
  /** Exit code 75: the agent asks to be tried again; or its files could not be got or kept. */
  TEMPORARY,
  /** Any other exit code but 0. */
  EXIT_CODE,
  /** A warm agent gave no answer, or one that is none. */
  PROTOCOL,
  /**
   * The server's lease ran out meanwhile, and the agent may have been killed for that: no outcome
   * of the agent's.
   */
  LEASE_LOST,
  /**
   * The engine that ran the agent, or was to, is gone: no outcome of the agent's. Tried again
   * unasked.
   */
  ENGINE_LOST,
  /** The same, of an agent whose effect is {@code once}: whether it happened is not known. */
  INTERRUPTED,
  /** A fault of Drover itself. */
  INTERNAL
}
