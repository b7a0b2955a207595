package dev.drover.agents.notifier;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where HTTP messages go: by the input, or by the environment, which is the operator's. No message
 * quotes an address, for the whole of it may be the password.
 */
final class Addresses {
  private static final String SECRET = "NOTIFIER_URL";

  private final Map<String, String> environment;

  Addresses(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The input's, or that of the secret that stands in for it. */
  URI given(InputObject input) throws BadInput {
    Optional<String> given = input.optionalText("url");
    if (given.isPresent()) {
      return checked("url", given.get());
    }
    String secret = environment.get(SECRET);
    if (secret == null || secret.isBlank()) {
      throw new BadInput(
          "url is missing: give it in the input, or map a secret to "
              + SECRET
              + " in the agent's env");
    }
    return checked(SECRET, secret);
  }

  /** A service's own, which only the operator can change: a token goes there. */
  URI api(String variable, String standard) throws BadInput {
    return checked(variable, environment.getOrDefault(variable, standard));
  }

  private static URI checked(String name, String address) throws BadInput {
    try {
      URI uri = new URI(new URI(address).toASCIIString());
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean usable =
          (scheme.equals("http") || scheme.equals("https"))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawFragment() == null
              && uri.getPort() <= 65_535;
      if (usable) {
        return uri;
      }
    } catch (URISyntaxException unusable) {
      // Answered below: the exception's own text would quote the address.
    }
    throw new BadInput(
        name
            + " is not usable: expected http://host/path or https://host/path, percent-encoded,"
            + " without user name and fragment");
  }
}
