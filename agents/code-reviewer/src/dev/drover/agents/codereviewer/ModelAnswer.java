package dev.drover.agents.codereviewer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.drover.agents.codereviewer.LanguageModel.Silent;
import dev.drover.agents.kit.PlainText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a model answered, which may be anything: the change that it has read can have talked
 * it into anything. All that comes of it are comments of plain text on lines that the change adds.
 */
final class ModelAnswer {
  private static final int MOST_COMMENTS = 20;
  private static final int MOST_TEXT = 500;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private ModelAnswer() {}

  static List<ReviewComment> read(String answer, List<ChangedFile> files) throws Silent {
    JsonNode json = parse(answer);
    JsonNode comments = json.path("comments");
    if (!comments.isArray()) {
      throw new Silent("the model's answer has no list of comments");
    }
    Set<String> places = new HashSet<>();
    for (ChangedFile file : files) {
      file.added().forEach(line -> places.add(file.path() + ":" + line.number()));
    }
    List<ReviewComment> read = new ArrayList<>();
    for (JsonNode comment : comments) {
      if (read.size() < MOST_COMMENTS) {
        comment(comment, places).ifPresent(read::add);
      }
    }
    return read;
  }

  private static JsonNode parse(String answer) throws Silent {
    try {
      JsonNode json = JSON.readTree(answer);
      if (json != null && json.isObject()) {
        return json;
      }
      throw new Silent("the model's answer is not a JSON object");
    } catch (JsonProcessingException e) {
      throw new Silent("the model's answer is not JSON");
    }
  }

  private static Optional<ReviewComment> comment(JsonNode comment, Set<String> places) {
    String file = comment.path("file").asText();
    JsonNode line = comment.path("line");
    String message = text(comment, "message");
    boolean placed = line.isInt() && places.contains(file + ":" + line.intValue());
    if (!placed || message.isEmpty()) {
      return Optional.empty();
    }
    // What only rules may say is not for a model: critical stays theirs.
    Severity severity =
        Severity.of(comment.path("severity").asText())
            .filter(s -> s != Severity.CRITICAL)
            .orElse(Severity.LOW);
    Rule.Advice advice =
        new Rule.Advice(
            "llm",
            severity,
            message,
            "A language model says so; it may be wrong.",
            text(comment, "suggestion"));
    return Optional.of(new ReviewComment(file, line.intValue(), advice, ReviewComment.Source.LLM));
  }

  private static String text(JsonNode comment, String member) {
    JsonNode value = comment.path(member);
    return value.isTextual()
        ? PlainText.cut(PlainText.oneLine(value.textValue()).strip(), MOST_TEXT)
        : "";
  }
}
