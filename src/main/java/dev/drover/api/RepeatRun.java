package dev.drover.api;

/**
 * The body of a re-run, as the OpenAPI document shows it.
 *
 * @param from {@code failed} (the default) or {@code start}
 * @param version {@code same} (the default) or {@code newest}
 * @param dryRun whether only the plan is wanted
 */
record RepeatRun(String from, String version, boolean dryRun, String by) {}
