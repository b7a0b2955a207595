package dev.drover.workflow;

import dev.drover.yaml.Position;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads how often a node is tried: a number of attempts, or a map. */
final class RetryReader {
  private final Problems problems;

  RetryReader(Problems problems) {
    this.problems = problems;
  }

  /** A retry, and where its key stands. */
  record Draft(Retry retry, Position position) {}

  Optional<Draft> read(DocumentMap node) {
    return node.get("retry")
        .flatMap(value -> retry(value, node.path("retry")))
        .map(retry -> new Draft(retry, node.keyPosition("retry")));
  }

  private Optional<Retry> retry(YamlValue value, String path) {
    Retry standard = Retry.DEFAULT;
    if (value.plain() instanceof Number) {
      return DocumentMap.integer(problems, value, path, 1, Retry.MAX_ATTEMPTS)
          .map(attempts -> with(attempts, standard));
    }
    return DocumentMap.of(problems, NodeGrammar.RETRY, value, path).map(this::retry);
  }

  private static Retry with(int attempts, Retry other) {
    return new Retry(
        attempts, other.delay(), other.factor(), other.maxDelay(), other.jitter(), other.on());
  }

  private Retry retry(DocumentMap map) {
    Retry standard = Retry.DEFAULT;
    Duration delay = map.duration("delay").orElse(standard.delay());
    Duration longest = standard.maxDelay().compareTo(delay) < 0 ? delay : standard.maxDelay();
    Optional<Duration> maxDelay = map.duration("maxDelay");
    if (maxDelay.filter(max -> max.compareTo(delay) < 0).isPresent()) {
      problems.report(
          map.valuePosition("maxDelay"),
          map.path("maxDelay"),
          "\"maxDelay\" is shorter than \"delay\"");
      maxDelay = Optional.empty();
    }
    return new Retry(
        map.integer("attempts", 1, Retry.MAX_ATTEMPTS).orElse(standard.attempts()),
        delay,
        map.number("factor", 1, NodeGrammar.MAX_FACTOR).orElse(standard.factor()),
        maxDelay.orElse(longest),
        map.number("jitter", 0, 1).orElse(standard.jitter()),
        on(map).orElse(standard.on()));
  }

  private Optional<Set<Retry.On>> on(DocumentMap map) {
    Optional<YamlList> list = map.list("on");
    List<YamlValue> items = list.map(YamlList::items).orElse(List.of());
    Set<Retry.On> found = EnumSet.noneOf(Retry.On.class);
    for (int i = 0; i < items.size(); i++) {
      one(items.get(i), map.path("on") + "[" + i + "]").ifPresent(found::add);
    }
    if (list.isPresent() && items.isEmpty()) {
      problems.report(
          map.valuePosition("on"), map.path("on"), "with an empty list, nothing is tried again");
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  private Optional<Retry.On> one(YamlValue item, String path) {
    List<String> words = Words.of(Retry.On.class);
    String word = item instanceof YamlScalar scalar ? scalar.raw() : "";
    Optional<Retry.On> found = Words.find(Retry.On.class, word);
    if (found.isEmpty()) {
      problems.report(
          item.position(),
          path,
          "must be " + Words.or(words),
          Suggestion.didYouMean(word, words).orElse(null));
    }
    return found;
  }
}
