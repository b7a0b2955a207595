package dev.drover.server;

import dev.drover.agent.Secrets;
import java.util.Map;
import java.util.Optional;

/** Secrets from the server's environment: {@code secrets.NAME} is {@code DROVER_SECRET_NAME}. */
record EnvironmentSecrets(Map<String, String> environment) implements Secrets {
  @Override
  public Optional<String> find(String name) {
    return Optional.ofNullable(environment.get("DROVER_SECRET_" + name));
  }

  @Override
  public String toString() {
    return "EnvironmentSecrets";
  }
}
