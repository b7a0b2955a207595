package dev.drover.dashboards;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What is chosen in a dashboard's variables, put into its queries as Grafana does it. */
public final class Choices {
  /** A name that begins with a digit is no variable: {@code $1} is for Prometheus. */
  private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+)|\\$\\{([^}:]+)(:\\w+)?}");

  private static final Pattern SPECIAL = Pattern.compile("[\\\\^$*+?.()|\\[\\]{}]");

  private final Map<String, String> values = new LinkedHashMap<>();

  /** Sets a variable that has one text. */
  public Choices set(String name, String text) {
    values.put(name, text);
    return this;
  }

  /** Sets a variable of which these are chosen, for use in a matcher with a regular expression. */
  public Choices choose(String name, List<String> chosen) {
    String all = chosen.stream().map(Choices::escaped).collect(Collectors.joining("|"));
    return set(name, chosen.size() == 1 ? all : "(" + all + ")");
  }

  /** For a regular expression inside a text of PromQL, where a backslash is written twice. */
  private static String escaped(String value) {
    return SPECIAL.matcher(value).replaceAll(found -> "\\\\\\\\\\" + found.group());
  }

  /** A query with all its variables filled in. */
  public String in(String query) {
    return VARIABLE
        .matcher(query)
        .replaceAll(found -> Matcher.quoteReplacement(value(name(found.group(1), found.group(2)))));
  }

  private static String name(String plain, String braced) {
    return plain != null ? plain : braced;
  }

  private String value(String name) {
    if (Character.isDigit(name.charAt(0))) {
      return "$" + name;
    }
    String value = values.get(name);
    if (value == null) {
      throw new AssertionError("no variable " + name);
    }
    return value;
  }
}
