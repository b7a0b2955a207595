package dev.drover.journal;

import dev.drover.json.Json;
import dev.drover.run.NodeOutcome;
import org.jspecify.annotations.Nullable;

/** A node's outcome as the columns of its row. */
record Payload(@Nullable String output, @Nullable String error, @Nullable String reason) {
  static Payload of(NodeOutcome outcome) {
    if (outcome instanceof NodeOutcome.Succeeded succeeded) {
      return new Payload(Json.print(succeeded.output()), null, null);
    } else if (outcome instanceof NodeOutcome.Failed failed) {
      return new Payload(null, Json.print(failed.failure().toJson()), failed.failure().message());
    } else if (outcome instanceof NodeOutcome.Skipped skipped) {
      return new Payload(null, null, skipped.reason());
    } else if (outcome instanceof NodeOutcome.UpstreamFailed upstream) {
      return new Payload(null, null, upstream.reason());
    }
    return new Payload(null, null, ((NodeOutcome.Cancelled) outcome).reason());
  }
}
