package dev.drover.agents.patcher;

import java.util.ArrayList;
import java.util.List;

/** Collects what a fix did, and what a person should know about it. */
final class FixOutcome {
  private static final int MOST_LISTED = 1000;

  /** Whether it changed something, had nothing left to change, or could not be applied. */
  enum Status {
    APPLIED,
    ALREADY,
    FAILED
  }

  /** A place that changed: a version, or how often a text was replaced. */
  record Edit(String file, int line, String from, String to) {}

  private final String kind;
  private final List<Edit> edits = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<HunkResult> hunks = new ArrayList<>();
  private final StringBuilder rejects = new StringBuilder();
  private Status status = Status.APPLIED;
  private String message = "";
  private int replaced;
  private int hunksApplied;
  private int hunksRejected;

  FixOutcome(String kind) {
    this.kind = kind;
  }

  void edit(String file, int line, String from, String to) {
    if (edits.size() < MOST_LISTED) {
      edits.add(new Edit(file, line, from, to));
    }
  }

  void note(String note) {
    if (notes.size() < MOST_LISTED) {
      notes.add(note);
    }
  }

  void hunk(HunkResult hunk) {
    hunksApplied += hunk.status() == HunkResult.Status.APPLIED ? 1 : 0;
    hunksRejected += hunk.status() == HunkResult.Status.REJECTED ? 1 : 0;
    if (hunks.size() < MOST_LISTED) {
      hunks.add(hunk);
    }
  }

  void reject(FilePatch file, List<Hunk> hunksOfFile) {
    rejects.append("--- ").append(file.oldPath().map(path -> "a/" + path).orElse("/dev/null"));
    rejects.append("\n+++ ").append(file.newPath().map(path -> "b/" + path).orElse("/dev/null"));
    rejects.append('\n');
    for (Hunk hunk : hunksOfFile) {
      rejects.append(hunk.text());
    }
  }

  void replaced(int count) {
    replaced += count;
  }

  void already(String why) {
    status = Status.ALREADY;
    message = why;
  }

  void failed(String why) {
    status = Status.FAILED;
    message = why;
  }

  boolean isFailed() {
    return status == Status.FAILED;
  }

  String kind() {
    return kind;
  }

  Status status() {
    return status;
  }

  String message() {
    return message;
  }

  List<Edit> edits() {
    return edits;
  }

  List<String> notes() {
    return notes;
  }

  List<HunkResult> hunks() {
    return hunks;
  }

  /** One character a byte. */
  String rejects() {
    return rejects.toString();
  }

  int replaced() {
    return replaced;
  }

  int hunksApplied() {
    return hunksApplied;
  }

  int hunksRejected() {
    return hunksRejected;
  }
}
