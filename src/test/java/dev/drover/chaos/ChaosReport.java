package dev.drover.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What was done to the system and what came of it, as Markdown. */
final class ChaosReport {
  private static final int SHOWN = 10;

  private final List<String> lines = new ArrayList<>();

  ChaosReport(ChaosSettings settings) {
    lines.add("# Kill matrix");
    lines.add("");
    lines.add("%s s, seed %d.".formatted(settings.duration().toSeconds(), settings.seed()));
  }

  void faults(List<Fault> faults, Instant begin) {
    heading("What was done", "what", "times");
    Arrays.stream(Fault.Kind.values())
        .forEach(kind -> row(kind.words(), faults.stream().filter(f -> f.kind() == kind).count()));
    row("**all**", faults.size());
    heading("When", "second", "what", "to");
    for (Fault fault : faults) {
      double second = Duration.between(begin, fault.at()).toMillis() / 1_000.0;
      row("%.1f".formatted(second), fault.kind().words(), fault.target());
    }
  }

  void replicas(List<Replica> replicas) {
    heading(
        "Servers", "replica", "starts until ready (s)", "ended by itself", "starts that failed");
    for (Replica replica : replicas) {
      row(
          replica.name(),
          replica.starts().stream().map(t -> "%.1f".formatted(t.toMillis() / 1_000.0)).toList(),
          replica.exits().stream().filter(e -> !e.asked() && e.wasReady()).toList(),
          replica.exits().stream().filter(e -> !e.asked() && !e.wasReady()).count());
    }
  }

  void figures(Map<String, Object> figures) {
    heading("What came of it", "figure", "value");
    figures.forEach(this::row);
  }

  void runs(List<String> totals) {
    heading("Runs", "workflow", "state", "runs", "most take-ups", "taken up again");
    totals.forEach(this::row);
  }

  void findings(Map<String, List<String>> findings) {
    heading("Rules", "rule", "violations");
    findings.forEach((rule, violations) -> row(rule, violations.size()));
    findings.forEach(
        (rule, violations) ->
            violations.stream().limit(SHOWN).forEach(v -> lines.add("- " + rule + ": " + v)));
  }

  String text() {
    return String.join("\n", lines) + "\n";
  }

  void write(Path file) {
    try {
      Files.writeString(file, text());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void heading(String title, String... columns) {
    lines.addAll(List.of("", "## " + title, ""));
    row((Object[]) columns);
    row(Arrays.stream(columns).map(c -> "---").toArray());
  }

  private void row(Object... cells) {
    lines.add("| " + String.join(" | ", Arrays.stream(cells).map(String::valueOf).toList()) + " |");
  }
}
