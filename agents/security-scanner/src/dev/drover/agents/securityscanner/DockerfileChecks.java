package dev.drover.agents.securityscanner;

import dev.drover.agents.securityscanner.Dockerfile.Instruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds misconfiguration in a Dockerfile: what its stages start from, run as, and carry along. */
final class DockerfileChecks {

  /** One FROM and what followed it. */
  private static final class Stage {
    final Instruction from;
    final String image;
    final @Nullable Stage parent;
    @Nullable String user;

    Stage(Instruction from, String image, @Nullable Stage parent) {
      this.from = from;
      this.image = image;
      this.parent = parent;
    }

    /** A stage that starts from another one goes on with its user. */
    String effectiveUser() {
      for (Stage stage = this; stage != null; stage = stage.parent) {
        if (stage.user != null) {
          return stage.user;
        }
        if (stage.image.contains("nonroot")) {
          return "nonroot";
        }
      }
      return "root";
    }
  }

  private static final Pattern FROM =
      Pattern.compile("\\s*(?:--\\S+\\s+)*+(\\S+)(?:\\s+[Aa][Ss]\\s+(\\S+))?");
  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "(?<=\\s)([A-Za-z_][A-Za-z0-9_.-]{0,199})"
              + "(?:=(\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"|'[^']*+'|\\S*+))?");
  private static final Pattern OLD_ENV =
      Pattern.compile("\\s+([A-Za-z_][A-Za-z0-9_.-]{0,199})\\s+(.*)");
  private static final Pattern REMOTE = Pattern.compile("(?i)(?<=[\\s\"'\\[])https?://[^\\s\"',]+");
  private static final Pattern SSH_PORT = Pattern.compile("(?<=\\s)22(?:/tcp)?(?=\\s|$)");
  private static final Pattern SECRET_FILE =
      Pattern.compile(
          "(?<=[\\s\"'/\\[])(?:\\.env|id_(?:rsa|dsa|ecdsa|ed25519)|\\.npmrc|\\.netrc|\\.pypirc"
              + "|\\.git-credentials|\\.aws|[\\w.-]{1,64}\\.(?:p12|pfx|jks|keystore|kdbx))"
              + "(?=[\\s\"',/]|$)");

  private final List<Sighting> sightings = new ArrayList<>();
  private final Map<String, Stage> stages = new HashMap<>();
  private final Map<String, String> globalArguments = new HashMap<>();
  private @Nullable Stage current;

  private DockerfileChecks() {}

  static List<Sighting> check(String text) {
    DockerfileChecks checks = new DockerfileChecks();
    for (Instruction instruction : Dockerfile.parse(text)) {
      checks.look(instruction);
    }
    checks.lookAtUser();
    return checks.sightings;
  }

  private void look(Instruction instruction) {
    switch (instruction.keyword()) {
      case "FROM" -> from(instruction);
      case "USER" -> user(instruction);
      case "ADD" -> {
        addsUrl(instruction);
        copiesSecrets(instruction);
      }
      case "COPY" -> copiesSecrets(instruction);
      case "ENV" -> assigns(instruction, ContainerRule.DOCKERFILE_SECRET_ENV);
      case "ARG" -> assigns(instruction, ContainerRule.DOCKERFILE_SECRET_ARG);
      case "EXPOSE" -> exposes(instruction);
      case "RUN" -> sightings.addAll(DockerfileRunChecks.check(instruction));
      default -> {
        // The other instructions can't be wrong in a way that is known here.
      }
    }
  }

  private void from(Instruction instruction) {
    Matcher from = FROM.matcher(instruction.arguments());
    if (!from.lookingAt()) {
      return;
    }
    String image = substitute(from.group(1));
    Stage parent = stages.get(image.toLowerCase(Locale.ROOT));
    current = new Stage(instruction, image, parent);
    if (from.group(2) != null) {
      stages.put(from.group(2).toLowerCase(Locale.ROOT), current);
    }
    boolean known = parent == null && !image.equals("scratch") && ImageReference.isPlain(image);
    if (known && ImageReference.of(image).floats()) {
      int at = instruction.argumentsAt();
      sightings.add(
          ContainerRule.DOCKERFILE_UNPINNED_IMAGE.setting(
              at + from.start(1), at + from.end(1), "FROM " + image));
    }
  }

  /** Puts in the defaults of the ARGs before the first FROM, which is all that FROM can see. */
  private String substitute(String image) {
    String out = image;
    for (Map.Entry<String, String> argument : globalArguments.entrySet()) {
      out = out.replace("${" + argument.getKey() + "}", argument.getValue());
      if (out.endsWith("$" + argument.getKey())) {
        out = out.substring(0, out.length() - argument.getKey().length() - 1) + argument.getValue();
      }
    }
    return out;
  }

  private void user(Instruction instruction) {
    if (current != null) {
      current.user = instruction.arguments().strip();
    }
  }

  private void lookAtUser() {
    if (current == null) {
      return;
    }
    String user = current.effectiveUser();
    int colon = user.indexOf(':');
    String name = colon < 0 ? user : user.substring(0, colon);
    if (name.equals("root") || name.equals("0")) {
      Instruction from = current.from;
      String shown = current.user == null ? "no USER" : "USER " + name;
      sightings.add(
          ContainerRule.DOCKERFILE_ROOT_USER.setting(
              from.at(), from.argumentsAt() + from.arguments().length(), shown));
    }
  }

  private void addsUrl(Instruction instruction) {
    Matcher remote = REMOTE.matcher(instruction.arguments());
    if (!instruction.arguments().contains("--checksum=") && remote.find()) {
      add(ContainerRule.DOCKERFILE_ADD_URL, instruction, remote, "ADD from a URL");
    }
  }

  private void copiesSecrets(Instruction instruction) {
    Matcher file = SECRET_FILE.matcher(instruction.arguments());
    if (!instruction.arguments().contains("--from=") && file.find()) {
      String shown = instruction.keyword() + " " + file.group();
      add(ContainerRule.DOCKERFILE_COPY_SECRET_FILE, instruction, file, shown);
    }
  }

  private void exposes(Instruction instruction) {
    Matcher port = SSH_PORT.matcher(instruction.arguments());
    if (port.find()) {
      add(ContainerRule.DOCKERFILE_EXPOSE_SSH, instruction, port, "EXPOSE 22");
    }
  }

  private void assigns(Instruction instruction, ContainerRule rule) {
    Matcher old = OLD_ENV.matcher(instruction.arguments());
    if (instruction.keyword().equals("ENV") && old.lookingAt()) {
      assigned(instruction, rule, old);
      return;
    }
    Matcher assignment = ASSIGNMENT.matcher(instruction.arguments());
    while (assignment.find()) {
      String value = assignment.group(2);
      if (value != null && !value.isEmpty()) {
        assigned(instruction, rule, assignment);
      } else if (rule == ContainerRule.DOCKERFILE_SECRET_ARG
          && SecretName.matches(assignment.group(1))) {
        String shown = "ARG " + assignment.group(1);
        add(ContainerRule.DOCKERFILE_SECRET_BUILD_ARG, instruction, assignment, shown);
      }
    }
  }

  private void assigned(Instruction instruction, ContainerRule rule, Matcher assignment) {
    String name = assignment.group(1);
    String value = unquoted(assignment.group(2));
    if (current == null && instruction.keyword().equals("ARG")) {
      globalArguments.put(name, value);
    }
    if (!SecretName.matches(name) || !SecretName.isValue(value)) {
      return;
    }
    if (SecretName.isReference(value) && rule == ContainerRule.DOCKERFILE_SECRET_ARG) {
      return;
    }
    int at = instruction.argumentsAt();
    sightings.add(
        rule.exposedValue(
            at + assignment.start(1),
            at + assignment.end(2),
            instruction.keyword() + " " + name + "=***"));
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && (value.charAt(0) == '"' || value.charAt(0) == '\'');
    return (quoted ? value.substring(1, value.length() - 1) : value).strip();
  }

  private void add(ContainerRule rule, Instruction instruction, Matcher match, String shown) {
    int at = instruction.argumentsAt();
    sightings.add(rule.setting(at + match.start(), at + match.end(), shown));
  }
}
