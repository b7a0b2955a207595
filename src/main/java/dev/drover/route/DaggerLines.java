package dev.drover.route;

import dev.drover.agent.SecretMask;
import dev.drover.agent.dagger.ContainerListener;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Puts the pieces of a program's stderr together to lines without its secrets: a secret that comes
 * in two pieces would be seen in neither.
 */
final class DaggerLines implements ContainerListener {
  /** Characters after which a line is given out in parts. */
  private static final int MOST = 8 << 10;

  private final SecretMask mask;
  private final int longest;
  private final Consumer<String> lines;
  private String begun = "";

  DaggerLines(Collection<String> secrets, Consumer<String> lines) {
    this.mask = new SecretMask(secrets);
    this.longest = secrets.stream().mapToInt(String::length).max().orElse(0);
    this.lines = lines;
  }

  @Override
  public synchronized void wrote(String stderr) {
    String text = begun + stderr;
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      tell(text.substring(from, end));
      from = end + 1;
    }
    begun = text.substring(from);
    if (begun.length() > MOST + longest) {
      // The end may be the beginning of a secret.
      String masked = mask.text(begun);
      int cut = Math.max(0, masked.length() - longest);
      tell(masked.substring(0, cut));
      begun = masked.substring(cut);
    }
  }

  /** Nothing more comes. */
  synchronized void end() {
    if (!begun.isEmpty()) {
      tell(begun);
      begun = "";
    }
  }

  private void tell(String line) {
    mask.text(line).lines().forEach(lines);
  }
}
