package dev.drover.agents.headerchecker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One Content-Security-Policy: directives with their sources, in lower case. */
record ContentPolicy(Map<String, List<String>> directives) {
  private static final Set<String> ANYWHERE =
      Set.of("*", "http:", "https:", "data:", "http://*", "https://*", "*:*");

  /** The policies of all header lines; a comma begins another one. */
  static List<ContentPolicy> parse(List<String> headers) {
    List<ContentPolicy> policies = new ArrayList<>();
    for (String header : headers) {
      for (String policy : header.split(",", -1)) {
        ContentPolicy parsed = one(policy);
        if (!parsed.directives().isEmpty()) {
          policies.add(parsed);
        }
      }
    }
    return policies;
  }

  private static ContentPolicy one(String policy) {
    Map<String, List<String>> directives = new LinkedHashMap<>();
    for (String directive : policy.split(";", -1)) {
      List<String> words =
          Arrays.stream(directive.strip().toLowerCase(Locale.ROOT).split("\\s+", -1))
              .filter(word -> !word.isEmpty())
              .toList();
      if (!words.isEmpty()) {
        // A second one of the same name is ignored by browsers.
        directives.putIfAbsent(words.get(0), words.subList(1, words.size()));
      }
    }
    return new ContentPolicy(directives);
  }

  boolean has(String directive) {
    return directives.containsKey(directive);
  }

  /** Where scripts may come from; nothing if the policy does not say. */
  Optional<List<String>> scripts() {
    return fetched("script-src");
  }

  private Optional<List<String>> fetched(String directive) {
    List<String> own = directives.get(directive);
    return Optional.ofNullable(own == null ? directives.get("default-src") : own);
  }

  /** Browsers ignore 'unsafe-inline' beside a nonce or hash. */
  boolean allowsInlineScripts() {
    return scripts()
        .map(s -> s.contains("'unsafe-inline'") && s.stream().noneMatch(ContentPolicy::isProof))
        .orElse(true);
  }

  boolean allowsEval() {
    return scripts().map(s -> s.contains("'unsafe-eval'")).orElse(true);
  }

  /** Browsers ignore hosts beside 'strict-dynamic'. */
  boolean allowsScriptsFromAnywhere() {
    return scripts()
        .map(s -> s.stream().anyMatch(ANYWHERE::contains) && !s.contains("'strict-dynamic'"))
        .orElse(true);
  }

  boolean allowsPlugins() {
    return fetched("object-src").map(s -> s.stream().anyMatch(ANYWHERE::contains)).orElse(true);
  }

  boolean restrictsFraming() {
    List<String> ancestors = directives.get("frame-ancestors");
    return ancestors != null && ancestors.stream().noneMatch(ANYWHERE::contains);
  }

  private static boolean isProof(String source) {
    return source.startsWith("'nonce-")
        || source.startsWith("'sha256-")
        || source.startsWith("'sha384-")
        || source.startsWith("'sha512-")
        || source.equals("'strict-dynamic'");
  }
}
