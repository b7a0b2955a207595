package dev.drover.agents.patcher;

import dev.drover.agents.kit.Glob;
import java.util.List;
import java.util.Optional;

/** A change that was asked for. */
sealed interface Fix {

  /** How results call it. */
  String kind();

  /** From which version to which; {@code from} absent means from any lower one. */
  record Versions(Optional<String> from, String to, boolean downgrade) {}

  /** Another version of a Maven artifact, wherever in the pom files it is named. */
  record MavenBump(String group, String artifact, Versions versions, List<Glob> files)
      implements Fix {
    @Override
    public String kind() {
      return "maven";
    }

    String coordinates() {
      return group + ":" + artifact;
    }
  }

  /**
   * Another version of an npm package.
   *
   * @param integrity of the new version's archive; without it a lock file's entry can't be changed
   */
  record NpmBump(String name, Versions versions, Optional<String> integrity, List<Glob> files)
      implements Fix {
    @Override
    public String kind() {
      return "npm";
    }
  }

  /**
   * A text for another.
   *
   * @param expect how often it must occur; absent means at least once
   */
  record Replacement(
      String search, boolean regex, String with, List<Glob> files, Optional<Integer> expect)
      implements Fix {
    @Override
    public String kind() {
      return "replace";
    }
  }

  /** A unified patch; one character a byte. */
  record Patch(String text, int strip, int fuzz) implements Fix {
    @Override
    public String kind() {
      return "patch";
    }
  }
}
