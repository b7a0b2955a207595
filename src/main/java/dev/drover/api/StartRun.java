package dev.drover.api;

/**
 * The body of a run that is started by hand, as the OpenAPI document shows it.
 *
 * @param inputs an object with the workflow's inputs; those with a default may be absent
 */
record StartRun(Object inputs) {}
