package dev.drover.agent;

import java.time.Instant;

/**
 * One line that an agent wrote to stderr, with its secrets masked.
 *
 * @param number counts from 1 in each attempt
 * @param at when it was read
 */
public record LogLine(int number, Instant at, String text) {}
