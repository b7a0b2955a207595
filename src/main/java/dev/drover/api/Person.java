package dev.drover.api;

/**
 * The body of what a person does, as the OpenAPI document shows it.
 *
 * @param by who does it; the user of the credential goes before
 */
record Person(String by) {}
