package dev.drover.agents.codereviewer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.PlainText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came of it: comments, counts and a verdict, which is the rules' alone. */
final class Review {
  private static final int MOST_TEXT = 1000;

  private final ReviewRequest request;
  private final List<ReviewComment> byRules = new ArrayList<>();
  private final List<ReviewComment> byModel = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private int suppressed;

  Review(ReviewRequest request) {
    this.request = request;
  }

  /** What a reviewer would do with the change. */
  enum Verdict {
    APPROVE,
    COMMENT,
    REQUEST_CHANGES;

    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  void add(ReviewComment comment) {
    if (!request.disabled().contains(comment.advice().id())
        && comment.advice().severity().isAtLeast(request.thresholds().least())) {
      (comment.source() == ReviewComment.Source.LLM ? byModel : byRules).add(comment);
    }
  }

  void suppress() {
    suppressed++;
  }

  /** Something that the reader of the review should know about it. */
  void note(String note) {
    notes.add(PlainText.cut(PlainText.oneLine(note), MOST_TEXT));
  }

  List<ReviewComment> byRules() {
    return List.copyOf(byRules);
  }

  Verdict verdict() {
    ReviewRequest.Thresholds thresholds = request.thresholds();
    if (reaches(thresholds.requestChanges())) {
      return Verdict.REQUEST_CHANGES;
    }
    return reaches(thresholds.comment()) ? Verdict.COMMENT : Verdict.APPROVE;
  }

  private boolean reaches(Severity severity) {
    return byRules.stream().anyMatch(c -> c.advice().severity().isAtLeast(severity));
  }

  /** In one line, for the log and for people in a hurry. */
  String summary(List<ChangedFile> files) {
    Map<Severity, Integer> counts = counts();
    return "%s: %d files, +%d -%d; %d critical, %d high, %d medium, %d low"
        .formatted(
            verdict().key(),
            files.size(),
            added(files),
            removed(files),
            counts.get(Severity.CRITICAL),
            counts.get(Severity.HIGH),
            counts.get(Severity.MEDIUM),
            counts.get(Severity.LOW));
  }

  JsonNode json(List<ChangedFile> files) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("verdict", verdict().key());
    json.put("summary", summary(files));
    List<ReviewComment> all = new ArrayList<>(byRules);
    all.sort(ReviewComment.ORDER);
    all.addAll(byModel);
    int most = request.sizes().maxComments();
    ArrayNode comments = json.putArray("comments");
    all.stream().limit(most).forEach(comment -> comments.add(json(comment)));
    ObjectNode counts = json.putObject("counts");
    counts().forEach((severity, count) -> counts.put(severity.key(), count));
    json.put("llmComments", byModel.size());
    json.put("files", files.size());
    json.put("additions", added(files));
    json.put("deletions", removed(files));
    json.put("suppressed", suppressed);
    json.put("truncated", all.size() > most);
    ArrayNode said = json.putArray("notes");
    notes.forEach(said::add);
    return json;
  }

  private Map<Severity, Integer> counts() {
    Map<Severity, Integer> counts = new EnumMap<>(Severity.class);
    for (Severity severity : Severity.values()) {
      counts.put(severity, 0);
    }
    byRules.forEach(comment -> counts.merge(comment.advice().severity(), 1, Integer::sum));
    return counts;
  }

  private static long added(List<ChangedFile> files) {
    return files.stream().mapToLong(file -> file.diff().added().count()).sum();
  }

  private static long removed(List<ChangedFile> files) {
    return files.stream().mapToLong(file -> file.diff().removed().count()).sum();
  }

  private static ObjectNode json(ReviewComment comment) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Rule.Advice advice = comment.advice();
    json.put("file", PlainText.cut(comment.file(), MOST_TEXT));
    if (comment.line() > 0) {
      json.put("line", comment.line());
    }
    json.put("rule", advice.id());
    json.put("severity", advice.severity().key());
    json.put("message", PlainText.cut(advice.message(), MOST_TEXT));
    json.put("why", PlainText.cut(advice.why(), MOST_TEXT));
    json.put("suggestion", PlainText.cut(advice.fix(), MOST_TEXT));
    json.put("source", comment.source().name().toLowerCase(Locale.ROOT));
    return json;
  }
}
