package dev.drover.agents.headerchecker;

import java.util.Optional;

/** What so many points of a hundred are worth. */
enum Grade {
  A_PLUS("A+", 100),
  A("A", 90),
  B("B", 80),
  C("C", 70),
  D("D", 60),
  E("E", 50),
  F("F", 0);

  private final String word;
  private final int least;

  Grade(String word, int least) {
    this.word = word;
    this.least = least;
  }

  String word() {
    return word;
  }

  static Grade of(int score) {
    for (Grade grade : values()) {
      if (score >= grade.least) {
        return grade;
      }
    }
    return F;
  }

  static Optional<Grade> named(String word) {
    for (Grade grade : values()) {
      if (grade.word.equals(word)) {
        return Optional.of(grade);
      }
    }
    return Optional.empty();
  }

  boolean isAtLeast(Grade other) {
    return compareTo(other) <= 0;
  }
}
