/**
 * The agent that tells people: one message to a webhook, a Slack-compatible receiver, a mail server
 * or the log. It runs in a process of its own, so nothing here imports Drover's server.
 */
@NullMarked
package dev.drover.agents.notifier;

import org.jspecify.annotations.NullMarked;
