package dev.drover.agents.notifier;

import java.time.Duration;

/** A complete, checked order: tell this message to that target, within this time. */
record Request(Message message, Target target, Duration timeout) {}
