package dev.drover.agents.securityscanner.dependency;

/**
 * A package at a version, and the place that says so.
 *
 * @param line from 1
 * @param column from 1
 */
public record Dependency(
    Ecosystem ecosystem, String name, String version, String file, int line, int column) {}
