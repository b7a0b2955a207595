package dev.drover.agent;

import dev.drover.agent.AgentManifest.ArtifactLimits;
import dev.drover.agent.AgentManifest.Contract;
import dev.drover.agent.AgentManifest.Effect;
import dev.drover.agent.AgentManifest.Limits;
import dev.drover.agent.AgentManifest.Program;
import dev.drover.agent.AgentManifest.SelfTest;
import dev.drover.json.JsonSchema;
import dev.drover.name.AgentName;
import dev.drover.yaml.Position;
import dev.drover.yaml.Problem;
import dev.drover.yaml.YamlDocument;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlMap;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an agent's {@code agent.yaml} and reports everything that is wrong with it at once. */
public final class ManifestReader {
  /** The manifest's name in the agent's folder. */
  public static final String FILE = "agent.yaml";

  private static final Set<String> KEYS =
      Set.of(
          "name",
          "description",
          "command",
          "image",
          "input",
          "output",
          "effect",
          "timeout",
          "resources",
          "network",
          "mounts",
          "artifacts",
          "env",
          "cost",
          "selfTest",
          "warm",
          "outputLimit",
          "logLimit");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^}]*}?");
  private static final Set<String> PLACEHOLDERS = Set.of("${agents.classpath}", "${agent.home}");

  private final Path home;
  private final String file;
  private final List<Problem> problems = new ArrayList<>();

  private ManifestReader(Path home) {
    this.home = home;
    this.file = home.getFileName() + "/" + FILE;
  }

  /** What reading gave: the manifest if there is no problem, else every problem. */
  public record Result(Optional<AgentManifest> manifest, List<Problem> problems) {}

  /** Reads {@code agent.yaml} in the folder. It does no more than read: nothing is started. */
  public static Result read(Path agentDir) {
    return new ManifestReader(agentDir.toAbsolutePath().normalize()).read();
  }

  private Result read() {
    String text = text().orElse(null);
    if (text == null) {
      return new Result(Optional.empty(), List.copyOf(problems));
    }
    YamlDocument.Result document = YamlDocument.read(file, text);
    problems.addAll(document.problems());
    Optional<AgentManifest> manifest = document.root().flatMap(root -> manifest(root, text));
    problems.sort(Problem.BY_POSITION);
    return new Result(problems.isEmpty() ? manifest : Optional.empty(), List.copyOf(problems));
  }

  private Optional<String> text() {
    try {
      Path manifest = home.resolve(FILE);
      if (Files.size(manifest) > YamlDocument.MAX_LENGTH * 4L) {
        fault("the manifest is too large");
        return Optional.empty();
      }
      return Optional.of(Files.readString(manifest));
    } catch (CharacterCodingException e) {
      fault("the manifest is not UTF-8 text");
    } catch (IOException e) {
      fault("the manifest cannot be read: " + e);
    }
    return Optional.empty();
  }

  private void fault(String message) {
    problems.add(new Problem(file, Position.START, "", message, null));
  }

  private Optional<AgentManifest> manifest(YamlValue root, String text) {
    if (!(root instanceof YamlMap map)) {
      fault("a manifest is a mapping that begins with \"name:\"");
      return Optional.empty();
    }
    ManifestFields fields = new ManifestFields(file, "", map, problems).only(KEYS);
    Optional<AgentName> name = name(fields);
    Program program = program(fields);
    Contract contract = contract(fields);
    Limits limits = limits(fields);
    AgentManifest.Access access = new ManifestAccess(fields, contract.input()).read();
    AgentCost cost = cost(fields);
    Optional<SelfTest> selfTest = selfTest(fields, contract.input());
    String description = fields.text("description").orElse("");
    return name.map(
        n ->
            new AgentManifest(
                n, description, program, contract, limits, access, cost, selfTest, hash(text)));
  }

  private static Optional<AgentName> name(ManifestFields fields) {
    return fields
        .requiredText("name", AgentName.RULE)
        .filter(
            n -> {
              if (!AgentName.isValid(n)) {
                fields.problem("name", "\"" + n + "\" is not a name", AgentName.RULE);
              }
              return AgentName.isValid(n);
            })
        .map(AgentName::new);
  }

  private Program program(ManifestFields fields) {
    List<String> command = new ArrayList<>();
    if (!fields.has("command")) {
      fields.requiredText("command", "such as command: [sh, \"${agent.home}/run.sh\"]");
    }
    int index = 0;
    for (YamlValue item : fields.items("command")) {
      if (item instanceof YamlScalar scalar) {
        command.add(scalar.raw());
        checkPlaceholders(fields, index, scalar);
      } else {
        fields.itemProblem("command", index, item, "must be text", null);
      }
      index++;
    }
    if (fields.get("command") instanceof YamlValue.YamlList list && list.items().isEmpty()) {
      fields.problem("command", "the command is empty", null);
    }
    return new Program(home, command, fields.text("image"), ManifestWarm.read(fields));
  }

  private static void checkPlaceholders(ManifestFields fields, int index, YamlScalar scalar) {
    if (scalar.raw().indexOf('\0') >= 0 || (index == 0 && scalar.raw().isBlank())) {
      fields.itemProblem("command", index, scalar, "cannot be part of a command line", null);
    }
    Matcher placeholder = PLACEHOLDER.matcher(scalar.raw());
    while (placeholder.find()) {
      if (!PLACEHOLDERS.contains(placeholder.group())) {
        fields.itemProblem(
            "command",
            index,
            scalar,
            "unknown placeholder " + placeholder.group(),
            "known are ${agents.classpath} and ${agent.home}; secrets belong in env");
      }
    }
  }

  private static Contract contract(ManifestFields fields) {
    return new Contract(
        schema(fields, "input", Map.of("type", "object")),
        schema(fields, "output", Map.of()),
        fields.choice("effect", Effect.IDEMPOTENT, Effect.values()),
        artifacts(fields));
  }

  private static Optional<ArtifactLimits> artifacts(ManifestFields fields) {
    ArtifactLimits standard = ArtifactLimits.DEFAULT;
    return fields
        .object("artifacts")
        .map(a -> a.only(Set.of("limit", "files")))
        .map(
            a ->
                new ArtifactLimits(
                    a.bytes("limit", standard.bytes(), 1L << 10, 1L << 40),
                    a.count("files", standard.files(), 10_000)));
  }

  private static JsonSchema schema(ManifestFields fields, String key, Map<String, Object> any) {
    Optional<Map<String, Object>> source = fields.object(key).map(ManifestFields::plain);
    if (key.equals("input")
        && source.map(s -> s.getOrDefault("type", "object")).filter("object"::equals).isEmpty()
        && source.isPresent()) {
      fields.problem(key, "an agent's input is an object", "type: object");
    }
    try {
      return JsonSchema.of(source.orElse(any));
    } catch (IllegalArgumentException e) {
      fields.problem(key, String.valueOf(e.getMessage()), "JSON Schema draft 2020-12");
      return JsonSchema.of(any);
    }
  }

  private static Limits limits(ManifestFields fields) {
    Limits standard = Limits.DEFAULT;
    Optional<ManifestFields> resources =
        fields
            .object("resources")
            .map(r -> r.only(Set.of("memory", "cpus", "pids", "files", "tmp")));
    long memory =
        resources
            .map(r -> r.bytes("memory", standard.memory(), 8L << 20, 1L << 40))
            .orElse(standard.memory());
    return new Limits(
        fields.duration("timeout", standard.timeout()),
        memory,
        resources.map(r -> r.number("cpus", standard.cpus(), 0.1, 1_024)).orElse(standard.cpus()),
        resources.map(r -> r.count("pids", standard.pids(), 100_000)).orElse(standard.pids()),
        resources
            .map(r -> (int) r.number("files", standard.files(), 32, 1 << 20))
            .orElse(standard.files()),
        resources.map(r -> r.bytes("tmp", memory / 2, 64L << 10, 1L << 40)).orElse(memory / 2),
        fields.bytes("outputLimit", standard.output(), 1L << 10, 64L << 20),
        fields.bytes("logLimit", standard.log(), 1L << 10, 1L << 30));
  }

  private static AgentCost cost(ManifestFields fields) {
    return fields
        .object("cost")
        .map(c -> c.only(Set.of("perMinute", "perAttempt")))
        .map(c -> new AgentCost(c.amount("perMinute"), c.amount("perAttempt")))
        .orElse(AgentCost.NONE);
  }

  private static Optional<SelfTest> selfTest(ManifestFields fields, JsonSchema input) {
    return fields
        .object("selfTest")
        .map(
            test -> {
              test.only(Set.of("input", "expect"));
              Map<String, Object> given =
                  test.object("input").map(ManifestFields::plain).orElse(Map.of());
              List<String> faults = input.validate(given);
              if (!faults.isEmpty()) {
                String hint = "the self-test's input must conform to the agent's own input schema";
                test.problem("input", String.join("; ", faults), hint);
              }
              YamlValue expect = test.get("expect");
              return new SelfTest(given, expect == null ? Map.of() : expect.plain());
            });
  }

  private static String hash(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
