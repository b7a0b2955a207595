package dev.drover.agents.securityscanner;

import java.util.regex.Pattern;

/** Tells by its name whether a variable holds a secret, and by its value whether it holds one. */
final class SecretName {
  // Bound to the end, so that DB_PASSWORD_FILE, TOKEN_URL and SECRET_NAME are none.
  private static final Pattern NAME =
      Pattern.compile(
          "(?i)(?:password|passwd|passphrase|secret|token|credentials?"
              + "|(?:^|[_.-])(?:pass|pwd|creds)"
              + "|(?:api|access|auth|private|secret|encryption|signing|master|account)[_.-]?key)"
              + "(?:[_-]?\\d{1,3})?$");
  private static final Pattern NO_SECRET =
      Pattern.compile(
          "(?i)|true|false|yes|no|on|off|none|null|\\d{1,6}[smhd]?|/.*|[a-z]:\\\\.*|https?://[^@]*"
              + "|<.*>|\\*+|x+|\\.+");

  private SecretName() {}

  static boolean matches(String name) {
    return name.length() <= 200 && NAME.matcher(name).find();
  }

  /** True unless the value is empty, a switch, a small number, a path, a URL or a blank to fill. */
  static boolean isValue(String value) {
    return !NO_SECRET.matcher(value).matches();
  }

  /** True when the value comes from elsewhere: a variable, or a substitution without default. */
  static boolean isReference(String value) {
    return value.startsWith("$") || value.contains("${") || value.contains("{{");
  }
}
