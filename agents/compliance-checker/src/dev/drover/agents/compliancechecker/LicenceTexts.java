package dev.drover.agents.compliancechecker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Recognises the text of a licence by sentences that no other has. */
final class LicenceTexts {
  /** What a text must hold, and what it must not. */
  record Mark(Expression licence, List<String> has, List<String> not) {
    Mark {
      if (has.isEmpty()) {
        throw new IllegalArgumentException("a text of " + licence.text() + " has no phrases");
      }
      has = has.stream().map(Spelling::text).toList();
      not = not.stream().map(Spelling::text).toList();
    }

    boolean isIn(String text) {
      return has.stream().allMatch(text::contains) && not.stream().noneMatch(text::contains);
    }
  }

  private final List<Mark> marks;

  LicenceTexts(List<Mark> marks) {
    this.marks = List.copyOf(marks);
  }

  /** Where a text holds more than one licence, all of them are taken to apply. */
  Optional<Expression> recognise(String text) {
    String words = Spelling.text(text);
    List<Expression> found = new ArrayList<>();
    for (Mark mark : marks) {
      if (mark.isIn(words)) {
        found.add(mark.licence());
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(Expression.all(found));
  }
}
