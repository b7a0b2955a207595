package dev.drover.agents.codereviewer;

import java.util.Comparator;

/**
 * What the review says of one place.
 *
 * @param line in the new file; 0: the file as a whole, or what was removed from it
 */
record ReviewComment(String file, int line, Rule.Advice advice, Source source) {
  /** The worst first, then by place: the same change gives the same review. */
  static final Comparator<ReviewComment> ORDER =
      Comparator.comparing((ReviewComment comment) -> comment.advice().severity())
          .thenComparing(ReviewComment::file)
          .thenComparingInt(ReviewComment::line)
          .thenComparing(comment -> comment.advice().id());

  /** Who says it. */
  enum Source {
    RULE,
    LLM
  }

  static ReviewComment of(Rule.Advice advice, String file, int line) {
    return new ReviewComment(file, line, advice, Source.RULE);
  }
}
