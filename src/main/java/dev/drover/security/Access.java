package dev.drover.security;

import dev.drover.name.ProjectName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who may call. With no credentials configured everybody may: on loopback only. */
public final class Access {
  private static final String BASIC = "Basic ";

  private final List<Credential> credentials;

  /** Takes the configured credentials; none switches authentication off. */
  public Access(List<Credential> credentials) {
    this.credentials = List.copyOf(credentials);
  }

  /** What a caller gets. */
  public enum Verdict {
    ALLOWED,
    /** No credential, or a wrong one. */
    UNAUTHENTICATED,
    /** A credential of another project. */
    FORBIDDEN
  }

  /** Whether callers must present something. */
  public boolean isRequired() {
    return !credentials.isEmpty();
  }

  /** Judges the value of an {@code Authorization} header for calls that concern a project. */
  public Verdict judge(@Nullable String authorization, ProjectName project) {
    if (!isRequired()) {
      return Verdict.ALLOWED;
    }
    if (authorization == null) {
      return Verdict.UNAUTHENTICATED;
    }
    Optional<Credential> found = find(authorization);
    if (found.isEmpty()) {
      return Verdict.UNAUTHENTICATED;
    }
    boolean opens = found.get().project().map(project::equals).orElse(true);
    return opens ? Verdict.ALLOWED : Verdict.FORBIDDEN;
  }

  /** Judges calls that concern every project: a credential of one project opens none of them. */
  public Verdict judgeForAll(@Nullable String authorization) {
    if (!isRequired()) {
      return Verdict.ALLOWED;
    }
    return Optional.ofNullable(authorization)
        .flatMap(this::find)
        .map(found -> found.project().isEmpty() ? Verdict.ALLOWED : Verdict.FORBIDDEN)
        .orElse(Verdict.UNAUTHENTICATED);
  }

  /** The user whose credential an {@code Authorization} header presents; a token has none. */
  public Optional<String> user(@Nullable String authorization) {
    return authorization == null ? Optional.empty() : find(authorization).flatMap(Credential::user);
  }

  /** A browser asks for a user and a password only: a token may be given as the latter. */
  private Optional<Credential> find(String authorization) {
    return exactly(authorization)
        .or(() -> password(authorization).flatMap(token -> exactly("Bearer " + token)));
  }

  private Optional<Credential> exactly(String authorization) {
    return credentials.stream().filter(c -> c.matches(authorization)).findFirst();
  }

  private static Optional<String> password(String authorization) {
    if (!authorization.startsWith(BASIC)) {
      return Optional.empty();
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()));
      String text = new String(pair, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
