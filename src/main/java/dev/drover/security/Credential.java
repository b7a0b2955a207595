package dev.drover.security;

import dev.drover.name.ProjectName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;

/**
 * What a caller must present in the {@code Authorization} header.
 *
 * @param project the only project that it opens; absent: all
 * @param header the header's whole value, a secret
 * @param user whose it is, if it says so
 */
public record Credential(Optional<ProjectName> project, String header, Optional<String> user) {
  /** A bearer token. */
  public static Credential bearer(Optional<ProjectName> project, String token) {
    return new Credential(project, "Bearer " + token, Optional.empty());
  }

  /** A user and password (RFC 7617). */
  public static Credential basic(Optional<ProjectName> project, String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    String header = "Basic " + Base64.getEncoder().encodeToString(pair);
    return new Credential(project, header, Optional.of(user));
  }

  /** Compares without telling by its duration how much was right. */
  boolean matches(String presented) {
    return MessageDigest.isEqual(
        header.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Credential[" + project.map(ProjectName::value).orElse("every project") + "]";
  }
}
