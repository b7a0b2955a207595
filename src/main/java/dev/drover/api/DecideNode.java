package dev.drover.api;

/**
 * The body of an approval or a rejection, as the OpenAPI document shows it.
 *
 * @param by who decides; not needed where the credential has a user
 */
record DecideNode(String comment, String by) {}
