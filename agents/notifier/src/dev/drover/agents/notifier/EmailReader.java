package dev.drover.agents.notifier;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.PlainText;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of the input that only mail has. Addresses are parsed here, so that nothing later sees
 * them as text to be split.
 */
final class EmailReader {

  static final String PASSWORD_SECRET = "NOTIFIER_SMTP_PASSWORD";

  private static final Set<String> MEMBERS =
      Set.of(
          "channel",
          "title",
          "text",
          "severity",
          "fields",
          "timeout",
          "smtp",
          "to",
          "cc",
          "subject",
          "threadKey");
  private static final Set<String> SMTP_MEMBERS =
      Set.of("host", "port", "startTls", "username", "from");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]{1,253}");
  private static final int SUBMISSION_PORT = 587;
  private static final int RELAY_PORT = 25;
  private static final int MOST_ADDRESSES = 50;

  private final Map<String, String> environment;

  EmailReader(Map<String, String> environment) {
    this.environment = environment;
  }

  Target read(InputObject input) throws BadInput {
    input.allowOnly(MEMBERS, "channel email");
    InputObject smtp = input.member("smtp");
    smtp.allowOnly(SMTP_MEMBERS, "smtp");
    List<InternetAddress> to = addresses(input, "to");
    if (to.isEmpty()) {
      throw new BadInput("to is missing: give a list of at least one mail address");
    }
    Target.Envelope envelope =
        new Target.Envelope(
            address("smtp.from", smtp.text("from")),
            to,
            addresses(input, "cc"),
            input.optionalText("subject"),
            input.optionalText("threadKey"));
    return new Target.Email(server(smtp), envelope);
  }

  private Target.MailServer server(InputObject smtp) throws BadInput {
    String host = smtp.text("host");
    if (!HOST.matcher(host).matches()) {
      throw new BadInput("smtp.host must be a host name or an IP address");
    }
    Optional<Target.Login> login = login(smtp);
    // With a password at stake encryption is the default, and it is then required, not merely
    // tried.
    boolean startTls = smtp.flag("startTls", login.isPresent());
    int port = smtp.integer("port", startTls ? SUBMISSION_PORT : RELAY_PORT, 1, 65_535);
    return new Target.MailServer(host, port, startTls, login);
  }

  private Optional<Target.Login> login(InputObject smtp) throws BadInput {
    Optional<String> username = smtp.optionalText("username");
    if (username.isEmpty()) {
      return Optional.empty();
    }
    String password = environment.get(PASSWORD_SECRET);
    if (password == null || password.isEmpty()) {
      throw new BadInput(
          "smtp.username needs a password: map a secret to "
              + PASSWORD_SECRET
              + " in the agent's env");
    }
    return Optional.of(new Target.Login(username.get(), password));
  }

  private static List<InternetAddress> addresses(InputObject input, String name) throws BadInput {
    List<String> texts = input.texts(name);
    if (texts.size() > MOST_ADDRESSES) {
      throw new BadInput(name + " must hold at most " + MOST_ADDRESSES + " addresses");
    }
    List<InternetAddress> addresses = new ArrayList<>();
    for (int at = 0; at < texts.size(); at++) {
      addresses.add(address(name + "[" + at + "]", texts.get(at)));
    }
    return addresses;
  }

  private static InternetAddress address(String name, String text) throws BadInput {
    try {
      boolean harmless = text.chars().noneMatch(c -> PlainText.breaksLines((char) c));
      InternetAddress address = new InternetAddress(harmless ? text : "", true);
      String plain = address.getAddress();
      if (!address.isGroup() && StandardCharsets.US_ASCII.newEncoder().canEncode(plain)) {
        address.setPersonal(address.getPersonal(), "UTF-8");
        return address;
      }
    } catch (AddressException | UnsupportedEncodingException unusable) {
      // Answered below, the same way for every reason.
    }
    throw new BadInput(
        name
            + " must be one mail address in ASCII, as in ops@example.org or Ops <ops@example.org>");
  }
}
