package dev.drover.server;

import dev.drover.journal.DataDirectory;
import dev.drover.journal.EmbeddedDatabase;
import dev.drover.route.CamelStore;
import dev.drover.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Says in one sentence why a server does not start, where the reason is ours to explain. */
class StartFailures implements FailureAnalyzer {
  @Override
  public @Nullable FailureAnalysis analyze(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (isExplained(t)) {
        return new FailureAnalysis(t.getMessage(), null, failure);
      }
    }
    return null;
  }

  private static boolean isExplained(Throwable t) {
    return t instanceof DataDirectory.InUse
        || t instanceof DataDirectory.Unusable
        || t instanceof EmbeddedDatabase.NotStarted
        || t instanceof UnreachableDatabase
        || t instanceof CamelStore.Unusable
        || t instanceof NoSandbox
        || t instanceof Telemetry.Unusable
        || t instanceof UnsafeBinding;
  }
}
