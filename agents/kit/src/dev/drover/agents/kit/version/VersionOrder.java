package dev.drover.agents.kit.version;

import java.util.Comparator;

/** Compares versions as one world of packages does. */
public interface VersionOrder extends Comparator<String> {

  /** Maven's, which knows qualifiers such as {@code alpha}, {@code rc} and {@code sp}. */
  VersionOrder MAVEN = new MavenOrder();

  /** Semantic versions, as npm and Go have them. */
  VersionOrder SEMANTIC = new SemanticOrder();

  /** PEP 440, as Python has it. */
  VersionOrder PYTHON = new PythonOrder();

  /** Whether the text is a version at all; comparing anything else is not meaningful. */
  boolean understands(String version);
}
