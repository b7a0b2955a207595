package dev.drover.agents.patcher;

import dev.drover.agents.kit.version.VersionOrder;
import java.util.Optional;

/** Whether a version may become the one that was asked for. */
final class Guard {
  private Guard() {}

  /** Why not; empty if it may. */
  static Optional<String> refusal(Fix.Versions versions, String found, VersionOrder order) {
    if (versions.from().isPresent() && !versions.from().get().equals(found)) {
      return Optional.of("it is " + found + ", not " + versions.from().get());
    }
    if (!order.understands(found)) {
      return Optional.of("\"" + found + "\" is no version that can be compared");
    }
    if (!versions.downgrade() && order.compare(found, versions.to()) > 0) {
      return Optional.of(
          "it is " + found + ", which is later than " + versions.to() + ": set allowDowngrade");
    }
    return Optional.empty();
  }
}
