package dev.drover.agent;

import java.util.Optional;

/** Where the values of {@code ${{ secrets.NAME }}} come from; asked each time an attempt starts. */
@FunctionalInterface
public interface Secrets {
  /** Knows no secret. */
  Secrets NONE = name -> Optional.empty();

  /** The value, if there is one of that name. */
  Optional<String> find(String name);
}
