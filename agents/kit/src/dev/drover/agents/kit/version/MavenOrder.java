package dev.drover.agents.kit.version;

import org.apache.maven.artifact.versioning.ComparableVersion;

/** Maven's own comparison: a text that is no version to anybody else is one to Maven. */
final class MavenOrder implements VersionOrder {
  private static final int LONGEST = 200;

  @Override
  public boolean understands(String version) {
    return !version.isBlank() && version.length() <= LONGEST && version.indexOf('$') < 0;
  }

  @Override
  public int compare(String one, String other) {
    return new ComparableVersion(one).compareTo(new ComparableVersion(other));
  }
}
