package dev.drover.agents.codereviewer;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a file is written in, as far as rules and the look of comments and strings depend on it. */
enum Language {
  JAVA("java"),
  KOTLIN("kt kts groovy gradle scala"),
  JAVASCRIPT("js mjs cjs jsx vue svelte"),
  TYPESCRIPT("ts mts cts tsx"),
  PYTHON("py pyw pyi"),
  GO("go"),
  C("c h cc cpp cxx hpp hh cs rs swift m"),
  PHP("php"),
  RUBY("rb rake gemspec"),
  SHELL("sh bash zsh ksh bats"),
  MAKE("mk"),
  SQL("sql ddl psql"),
  YAML("yaml yml"),
  DOCKERFILE("dockerfile"),
  TERRAFORM("tf hcl"),
  PROPERTIES("properties env ini cfg conf toml"),
  XML("xml html htm xhtml svg jsp pom"),
  JSON("json"),
  TEXT("md txt rst adoc");

  private static final Map<String, Language> BY_NAME =
      Map.of(
          "dockerfile", DOCKERFILE,
          "containerfile", DOCKERFILE,
          "makefile", MAKE,
          "gnumakefile", MAKE,
          "jenkinsfile", KOTLIN,
          "rakefile", RUBY,
          "gemfile", RUBY,
          "go.mod", GO);

  private static final Map<String, Language> BY_ENDING = byEnding();

  /** Of its files' names, with blanks between. */
  private final String endings;

  Language(String endings) {
    this.endings = endings;
  }

  /** By the file's name; TEXT if nothing is known of it. */
  static Language of(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    Language named = BY_NAME.get(name);
    if (named != null) {
      return named;
    }
    if (name.startsWith("dockerfile.") || name.startsWith("containerfile.")) {
      return DOCKERFILE;
    } else if (name.startsWith(".env")) {
      return PROPERTIES;
    }
    return BY_ENDING.getOrDefault(name.substring(name.lastIndexOf('.') + 1), TEXT);
  }

  static Optional<Language> named(String name) {
    return Stream.of(values()).filter(language -> language.key().equals(name)).findFirst();
  }

  /** As in rules. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  Syntax syntax() {
    return switch (this) {
      case JAVA, KOTLIN, C, PHP -> Syntax.C;
      case JAVASCRIPT, TYPESCRIPT, GO -> Syntax.SCRIPT;
      case PYTHON -> Syntax.PYTHON;
      case RUBY, SHELL, MAKE, YAML, DOCKERFILE, TERRAFORM, PROPERTIES -> Syntax.HASH;
      case SQL -> Syntax.SQL;
      case XML -> Syntax.XML;
      case JSON, TEXT -> Syntax.PLAIN;
    };
  }

  /** Whether it is a program that can have tests. */
  boolean isCode() {
    return switch (this) {
      case JAVA, KOTLIN, JAVASCRIPT, TYPESCRIPT, PYTHON, GO, C, PHP, RUBY -> true;
      case SHELL, MAKE, SQL, YAML, DOCKERFILE, TERRAFORM, PROPERTIES, XML, JSON, TEXT -> false;
    };
  }

  private static Map<String, Language> byEnding() {
    Map<String, Language> all = new TreeMap<>();
    for (Language language : values()) {
      for (String ending : language.endings.split(" ", -1)) {
        all.put(ending, language);
      }
    }
    return all;
  }
}
