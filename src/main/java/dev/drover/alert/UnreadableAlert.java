package dev.drover.alert;

/**
 * An alert that could not be read. It does not keep the others of its body from being taken.
 *
 * @param index its place in the body's {@code alerts}, from 0
 * @param raw its text as received
 */
public record UnreadableAlert(int index, String reason, String raw) {}
