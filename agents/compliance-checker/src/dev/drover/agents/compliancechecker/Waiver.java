package dev.drover.agents.compliancechecker;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An exception from the policy for one package, or several that one pattern names.
 *
 * @param pattern the package's name, with {@code *} for anything, and {@code @version} if it is for
 *     that version alone
 * @param licences those that it is for; for all if empty
 * @param reason why it was granted
 */
record Waiver(String pattern, List<String> licences, String reason) {
  Waiver {
    licences = List.copyOf(licences);
  }

  boolean isFor(Component component, Resolution resolution) {
    boolean named =
        matches(component.name()) || matches(component.name() + "@" + component.version());
    return named
        && (licences.isEmpty()
            || resolution
                .expression()
                .filter(e -> licences.containsAll(e.licences()) || licences.contains(e.text()))
                .isPresent());
  }

  private boolean matches(String name) {
    String regex =
        Pattern.compile("\\*")
            .splitAsStream(pattern + "\0")
            .map(part -> Pattern.quote(part.replace("\0", "")))
            .collect(Collectors.joining(".*"));
    return Pattern.matches(regex, name);
  }
}
