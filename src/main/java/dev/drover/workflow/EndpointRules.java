package dev.drover.workflow;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which Camel endpoints a workflow may send to. Property placeholders and references to beans are
 * never allowed: a workflow would read the server's environment with them.
 *
 * @param allowed patterns of whole URIs, in which {@code *} stands for any text
 */
public record EndpointRules(List<String> allowed) {
  private static final Pattern INTERPRETED = Pattern.compile("\\{\\{|\\$\\{|#|RAW[({]");

  public EndpointRules {
    allowed = List.copyOf(allowed);
  }

  /** Why the URI is refused; empty if it is allowed. */
  public Optional<String> refusal(String uri) {
    if (INTERPRETED.matcher(uri).find()) {
      return Optional.of(
          "the URI of an endpoint is fixed text: no placeholders, no \"#\" references, no RAW()");
    }
    boolean matches = allowed.stream().anyMatch(pattern -> matches(pattern, uri));
    return matches
        ? Optional.empty()
        : Optional.of(
            "endpoint \""
                + uri
                + "\" is not allowed here; allowed are "
                + String.join(", ", allowed));
  }

  private static boolean matches(String pattern, String uri) {
    StringBuilder regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return Pattern.matches(regex.toString(), uri);
  }
}
