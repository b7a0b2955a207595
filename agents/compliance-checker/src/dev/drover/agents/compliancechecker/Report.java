package dev.drover.agents.compliancechecker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.PlainText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The output. Its lists are cut to what the engine takes; its counts are complete. */
final class Report {
  private static final int LONGEST = 500;

  /** Both lists together; the engine takes a mebibyte of output. */
  private static final int MOST_BYTES = 900_000;

  /** One component with what became of it. */
  private record Judged(Component component, Resolution resolution, Verdict verdict) {
    String expression() {
      return resolution.expression().map(Expression::text).orElse("");
    }
  }

  private static final Comparator<Judged> ORDER =
      Comparator.comparing((Judged one) -> one.verdict().kind())
          .reversed()
          .thenComparing(one -> one.component().place().file())
          .thenComparingInt(one -> one.component().place().line())
          .thenComparing(one -> one.component().key());

  private final Policy policy;
  private final List<Judged> judged = new ArrayList<>();
  private final List<Judged> own = new ArrayList<>();
  private final Set<Waiver> used = new HashSet<>();
  private int bytesLeft = MOST_BYTES;

  Report(Policy policy) {
    this.policy = policy;
  }

  void add(Component component, Resolution resolution) {
    if (component.role() == Component.Role.OWN) {
      own.add(new Judged(component, resolution, new Verdict(Verdict.Kind.ALLOWED, "")));
      return;
    }
    Verdict verdict = policy.judge(component, resolution);
    if (verdict.kind() == Verdict.Kind.EXCEPTED) {
      policy.waiver(component, resolution).ifPresent(used::add);
    }
    judged.add(new Judged(component, resolution, verdict));
  }

  JsonNode json(Inventory inventory, int filesRead, Request.Limits limits) {
    judged.sort(ORDER);
    List<Judged> findings = judged.stream().filter(this::isFinding).toList();
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    ArrayNode listed = report.putArray("findings");
    findings.stream().limit(limits.findings()).forEach(one -> add(listed, finding(one)));
    ArrayNode packages = report.putArray("packages");
    own.forEach(one -> add(packages, entry(one, "own")));
    judged.stream()
        .filter(one -> one.component().role() != Component.Role.FILE)
        .sorted(Comparator.comparing(one -> one.component().key()))
        .limit(limits.packages())
        .forEach(one -> add(packages, entry(one, one.verdict().kind().word())));
    report.set("licences", licences());
    report.set("counts", counts(filesRead));
    ArrayNode unused = report.putArray("unusedExceptions");
    policy.exceptions().stream()
        .filter(waiver -> !used.contains(waiver))
        .forEach(waiver -> unused.add(shown(waiver.pattern())));
    unchecked(report, inventory);
    long all = judged.stream().filter(one -> one.component().role() != Component.Role.FILE).count();
    report.put("truncated", listed.size() < findings.size() || packages.size() < all + own.size());
    report.put("compliant", judged.stream().noneMatch(one -> policy.violates(one.verdict())));
    return report;
  }

  private boolean isFinding(Judged one) {
    return one.verdict().isFinding()
        && (one.verdict().kind() != Verdict.Kind.UNKNOWN
            || policy.unknown() != Policy.Unknown.ALLOW);
  }

  /** Adds what still has room. */
  private void add(ArrayNode to, ObjectNode entry) {
    // UTF-8 has at most three bytes for each of Java's characters.
    int size = 3 * entry.toString().length() + 1;
    if (size <= bytesLeft) {
      bytesLeft -= entry.toString().getBytes(StandardCharsets.UTF_8).length + 1;
      to.add(entry);
    }
  }

  private ObjectNode finding(Judged one) {
    ObjectNode finding = JsonNodeFactory.instance.objectNode();
    finding.put("severity", severity(one.verdict()).word());
    finding.put("kind", one.verdict().kind().word());
    place(finding, one.component());
    finding.put("ecosystem", one.component().ecosystem().word());
    finding.put("package", shown(one.component().name()));
    finding.put("version", shown(one.component().version()));
    finding.put("expression", shown(one.expression()));
    finding.put("declared", shown(one.resolution().declared()));
    finding.put("source", shown(one.resolution().source()));
    finding.put("reason", shown(one.verdict().reason()));
    return finding;
  }

  private Verdict.Severity severity(Verdict verdict) {
    return switch (verdict.kind()) {
      case DENIED -> Verdict.Severity.HIGH;
      case NOT_ALLOWED -> Verdict.Severity.MEDIUM;
      case UNKNOWN -> policy.violates(verdict) ? Verdict.Severity.MEDIUM : Verdict.Severity.LOW;
      case ALLOWED, EXCEPTED -> Verdict.Severity.LOW;
    };
  }

  private static void place(ObjectNode entry, Component component) {
    entry.put("file", shown(component.place().file()));
    if (component.place().line() > 0) {
      entry.put("line", component.place().line());
    }
  }

  private static ObjectNode entry(Judged one, String verdict) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    entry.put("ecosystem", one.component().ecosystem().word());
    entry.put("package", shown(one.component().name()));
    entry.put("version", shown(one.component().version()));
    entry.put("expression", shown(one.expression()));
    entry.put("source", shown(one.resolution().source()));
    entry.put("verdict", verdict);
    return entry;
  }

  /** How often each licence occurs; what is unknown is counted elsewhere. */
  private ObjectNode licences() {
    Map<String, Integer> occurrences = new TreeMap<>();
    for (Judged one : judged) {
      if (one.resolution().expression().isPresent()) {
        occurrences.merge(shown(one.expression()), 1, Integer::sum);
      }
    }
    ObjectNode licences = JsonNodeFactory.instance.objectNode();
    occurrences.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(LONGEST)
        .forEach(entry -> licences.put(entry.getKey(), entry.getValue()));
    return licences;
  }

  private ObjectNode counts(int filesRead) {
    Map<Verdict.Kind, Integer> kinds = new EnumMap<>(Verdict.Kind.class);
    judged.forEach(one -> kinds.merge(one.verdict().kind(), 1, Integer::sum));
    ObjectNode counts = JsonNodeFactory.instance.objectNode();
    long files = judged.stream().filter(o -> o.component().role() == Component.Role.FILE).count();
    counts.put("filesRead", filesRead);
    counts.put("packages", judged.size() - files);
    counts.put("files", files);
    for (Verdict.Kind kind : Verdict.Kind.values()) {
      counts.put(kind.word(), kinds.getOrDefault(kind, 0));
    }
    return counts;
  }

  private static void unchecked(ObjectNode report, Inventory inventory) {
    ArrayNode unchecked = report.putArray("unchecked");
    for (Inventory.Unchecked one : inventory.unchecked()) {
      unchecked.addObject().put("file", shown(one.file())).put("reason", one.reason());
    }
    report.put("uncheckedCount", inventory.uncheckedCount());
  }

  private static String shown(String text) {
    return PlainText.cut(PlainText.oneLine(text), LONGEST);
  }
}
