package dev.drover.agents.compliancechecker;

import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What is known of licences, from {@code licences/licences.yaml} in the agent's folder: it is data,
 * so that a spelling can be added without building anything.
 */
final class LicenceTable {
  private static final Pattern ONE_ADDRESS = Pattern.compile("[^\\s,;/]+/[^\\s,;]+");

  private static final Pattern TWICE = Pattern.compile("([^()]+)\\(([^()]+)\\)");

  private final LicenceIds ids;
  private final ExpressionParser parser;
  private final LicenceTexts texts;
  private final Map<String, Expression> names = new HashMap<>();
  private final Map<String, Expression> urls = new HashMap<>();
  private final Set<String> families = new HashSet<>();

  private LicenceTable(Map<?, ?> document) throws NoExpression {
    Map<?, ?> licences = map(document, "licences");
    List<String> all = new ArrayList<>(strings(document, "ids"));
    licences.keySet().forEach(id -> all.add(String.valueOf(id)));
    this.ids = new LicenceIds(all, strings(document, "exceptions"));
    this.parser = new ExpressionParser(ids);
    List<LicenceTexts.Mark> marks = new ArrayList<>();
    for (String id : all) {
      Expression licence = parser.parse(id);
      Map<?, ?> known = map(licences, id);
      add(names, Spelling.name(id), licence);
      strings(known, "names").forEach(name -> add(names, Spelling.name(name), licence));
      strings(known, "urls").forEach(url -> add(urls, Spelling.url(url), licence));
      marks.addAll(marks(licence, list(known, "texts")));
    }
    Map<?, ?> combined = map(document, "expressionTexts");
    for (Object expression : combined.keySet()) {
      String text = String.valueOf(expression);
      marks.addAll(marks(parser.parse(text), list(combined, text)));
    }
    this.texts = new LicenceTexts(marks);
    for (Map.Entry<?, ?> entry : map(document, "spellings").entrySet()) {
      // They win over ids: some of them are ids that SPDX has withdrawn.
      names.put(Spelling.name(String.valueOf(entry.getKey())), parsed(entry));
    }
    for (Map.Entry<?, ?> entry : map(document, "urlSpellings").entrySet()) {
      add(urls, Spelling.url(String.valueOf(entry.getKey())), parsed(entry));
    }
    strings(document, "families").forEach(name -> families.add(Spelling.name(name)));
  }

  private Expression parsed(Map.Entry<?, ?> entry) throws NoExpression {
    return parser.parse(String.valueOf(entry.getValue()));
  }

  private static List<LicenceTexts.Mark> marks(Expression of, List<?> texts) {
    List<LicenceTexts.Mark> marks = new ArrayList<>();
    for (Object text : texts) {
      Map<?, ?> phrases = (Map<?, ?>) text;
      marks.add(new LicenceTexts.Mark(of, strings(phrases, "has"), strings(phrases, "not")));
    }
    return marks;
  }

  static LicenceTable read(Path file) throws WorkFailure {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
      Object document = new Load(settings).loadFromString(Files.readString(file));
      return new LicenceTable((Map<?, ?>) document);
    } catch (IOException e) {
      throw WorkFailure.permanent(
          "the licence table " + file + " can't be read; start the agent in its own folder");
    } catch (YamlEngineException | NoExpression | ClassCastException | IllegalArgumentException e) {
      throw WorkFailure.permanent(
          "the licence table " + file + " is not usable: " + e.getMessage());
    }
  }

  ExpressionParser parser() {
    return parser;
  }

  LicenceTexts texts() {
    return texts;
  }

  /** An expression, an id or a name as people write it. */
  Optional<Expression> named(String text) {
    String name = text.strip();
    Expression known = names.get(Spelling.name(name));
    if (known != null && !ids.licence(name).isPresent()) {
      return Optional.of(known);
    }
    try {
      return Optional.of(parser.parse(name));
    } catch (NoExpression notOne) {
      return Optional.ofNullable(known).or(() -> at(name)).or(() -> saidTwice(name));
    }
  }

  /** "The MIT License (MIT)". */
  private Optional<Expression> saidTwice(String name) {
    Matcher twice = TWICE.matcher(name);
    if (!twice.matches()) {
      return Optional.empty();
    }
    Expression first = names.get(Spelling.name(twice.group(1)));
    Expression second = names.get(Spelling.name(twice.group(2)));
    return Optional.ofNullable(first).filter(one -> one.equals(second));
  }

  /** A licence by the address of its text, or by what the file there is called. */
  Optional<Expression> at(String url) {
    String address = Spelling.url(url);
    Expression known = urls.get(address);
    if (known != null || !ONE_ADDRESS.matcher(address).matches()) {
      return Optional.ofNullable(known);
    }
    String file = address.substring(address.lastIndexOf('/') + 1);
    return Optional.ofNullable(names.get(Spelling.name(file)));
  }

  /** True for "BSD" and the like, which say too little. */
  boolean isFamily(String name) {
    return families.contains(Spelling.name(name));
  }

  private static void add(Map<String, Expression> to, String key, Expression licence) {
    Expression other = to.putIfAbsent(key, licence);
    if (other != null && !other.equals(licence)) {
      throw new IllegalArgumentException(
          "\"" + key + "\" means both " + other.text() + " and " + licence.text());
    }
  }

  private static Map<?, ?> map(Map<?, ?> of, String name) {
    return Objects.requireNonNullElse((@Nullable Map<?, ?>) of.get(name), Map.of());
  }

  private static List<?> list(Map<?, ?> of, String name) {
    return Objects.requireNonNullElse((@Nullable List<?>) of.get(name), List.of());
  }

  private static List<String> strings(Map<?, ?> of, String name) {
    return list(of, name).stream().map(String::valueOf).toList();
  }
}
