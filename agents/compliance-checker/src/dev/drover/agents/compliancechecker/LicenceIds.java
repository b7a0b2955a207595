package dev.drover.agents.compliancechecker;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The ids that SPDX gives to licences and exceptions, found in any case. */
final class LicenceIds {
  private final Map<String, String> licences = new HashMap<>();
  private final Map<String, String> exceptions = new HashMap<>();

  LicenceIds(Collection<String> licences, Collection<String> exceptions) {
    licences.forEach(id -> this.licences.put(key(id), id));
    exceptions.forEach(id -> this.exceptions.put(key(id), id));
  }

  /** A licence by its id, with a plus at its end or not. */
  Optional<Expression> licence(String token) {
    boolean plus = token.endsWith("+");
    String bare = key(plus ? token.substring(0, token.length() - 1) : token);
    // GNU licences say it by name: GPL-2.0 and GPL-2.0+ are ids that SPDX has withdrawn.
    String named = licences.get(bare + (plus ? "-or-later" : "-only"));
    if (named != null) {
      return Optional.of(new Expression.Licence(named, false));
    }
    if (plus && bare.endsWith("-or-later")) {
      return Optional.ofNullable(licences.get(bare)).map(id -> new Expression.Licence(id, false));
    }
    if (plus && bare.endsWith("-only")) {
      String later = bare.substring(0, bare.length() - "-only".length()) + "-or-later";
      return Optional.ofNullable(licences.get(later)).map(id -> new Expression.Licence(id, false));
    }
    return Optional.ofNullable(licences.get(bare)).map(id -> new Expression.Licence(id, plus));
  }

  Optional<String> exception(String token) {
    return Optional.ofNullable(exceptions.get(key(token)));
  }

  /** All licences, as SPDX spells them. */
  Collection<String> all() {
    return licences.values();
  }

  private static String key(String id) {
    return id.toLowerCase(Locale.ROOT);
  }
}
