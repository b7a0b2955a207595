package dev.drover.api;

/** The body of a cancel, as the OpenAPI document shows it. */
record CancelRun(String reason, String by) {}
