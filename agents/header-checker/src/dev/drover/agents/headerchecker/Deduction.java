package dev.drover.agents.headerchecker;

/**
 * Points that were lost.
 *
 * @param seen what was found, shortened; empty if something is missing
 */
record Deduction(Rule rule, String seen) {}
