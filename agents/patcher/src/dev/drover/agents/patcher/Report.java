package dev.drover.agents.patcher;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * Puts the output together; lists are cut before the whole becomes larger than the engine takes.
 */
final class Report {
  private static final int LARGEST_DIFF = 2 << 20;
  private static final int LARGEST_REJECTS = 256 << 10;
  private static final int MOST_LISTED = 5000;

  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private int listed;
  private boolean truncated;

  ObjectNode of(boolean ok, List<FixOutcome> outcomes, List<Workspace.Change> changes) {
    json.put("ok", ok);
    json.put("written", false);
    StringBuilder diff = new StringBuilder();
    ArrayNode files = json.putArray("files");
    for (Workspace.Change change : changes) {
      UnifiedDiff.FileDiff one = UnifiedDiff.of(change);
      ObjectNode file = files.addObject();
      file.put("path", change.path());
      file.put(
          "change",
          change.before().isEmpty()
              ? "created"
              : change.after().isEmpty() ? "deleted" : "modified");
      file.put("added", one.added()).put("removed", one.removed());
      if (one.binary()) {
        file.put("binary", true);
      }
      diff.append(one.text());
    }
    diff(diff.toString());
    ArrayNode fixes = json.putArray("fixes");
    for (FixOutcome outcome : outcomes) {
      fix(outcome, fixes.addObject());
    }
    json.put("truncated", truncated);
    return json;
  }

  /** A JSON text can't hold other bytes than UTF-8; base64 can. */
  private void diff(String bytes) {
    if (bytes.length() > LARGEST_DIFF) {
      json.put("diff", "");
      truncated = true;
      return;
    }
    byte[] raw = bytes.getBytes(StandardCharsets.ISO_8859_1);
    try {
      json.put("diff", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(raw)).toString());
    } catch (CharacterCodingException e) {
      json.put("diff", new String(raw, StandardCharsets.UTF_8));
      json.put("diffBase64", Base64.getEncoder().encodeToString(raw));
    }
  }

  private void fix(FixOutcome outcome, ObjectNode fix) {
    fix.put("kind", outcome.kind());
    fix.put("status", word(outcome.status()));
    if (!outcome.message().isEmpty()) {
      fix.put("message", outcome.message());
    }
    if (outcome.kind().equals("replace")) {
      fix.put("replaced", outcome.replaced());
    }
    edits(outcome, fix.putArray("changes"));
    ArrayNode notes = fix.putArray("notes");
    for (String note : outcome.notes()) {
      if (room()) {
        notes.add(note);
      }
    }
    if (outcome.kind().equals("patch")) {
      hunks(outcome, fix);
    }
  }

  private void edits(FixOutcome outcome, ArrayNode list) {
    for (FixOutcome.Edit edit : outcome.edits()) {
      if (room()) {
        ObjectNode one = list.addObject().put("file", edit.file()).put("line", edit.line());
        if (!edit.from().isEmpty()) {
          one.put("from", edit.from());
        }
        one.put("to", edit.to());
      }
    }
  }

  private void hunks(FixOutcome outcome, ObjectNode fix) {
    fix.put("hunksApplied", outcome.hunksApplied()).put("hunksRejected", outcome.hunksRejected());
    ArrayNode list = fix.putArray("hunks");
    for (HunkResult hunk : outcome.hunks()) {
      if (room()) {
        ObjectNode one =
            list.addObject()
                .put("file", hunk.path())
                .put("hunk", hunk.number())
                .put("status", word(hunk.status()));
        if (hunk.status() != HunkResult.Status.REJECTED) {
          one.put("line", hunk.line()).put("offset", hunk.offset()).put("fuzz", hunk.fuzz());
          one.put("lineEndsAdapted", hunk.lineEnds());
        }
      }
    }
    String rejects = outcome.rejects();
    if (rejects.length() > LARGEST_REJECTS) {
      truncated = true;
    } else if (!rejects.isEmpty()) {
      byte[] raw = rejects.getBytes(StandardCharsets.ISO_8859_1);
      fix.put("rejects", new String(raw, StandardCharsets.UTF_8));
    }
  }

  private boolean room() {
    truncated |= ++listed > MOST_LISTED;
    return listed <= MOST_LISTED;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
