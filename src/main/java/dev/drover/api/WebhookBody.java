package dev.drover.api;

/** The body of a webhook, as the OpenAPI document shows it: whatever its sender sends. */
record WebhookBody() {}
