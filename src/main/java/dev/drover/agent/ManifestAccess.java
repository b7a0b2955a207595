package dev.drover.agent;

import dev.drover.agent.AgentManifest.Access;
import dev.drover.agent.AgentManifest.EnvValue;
import dev.drover.agent.AgentManifest.Mount;
import dev.drover.agent.AgentManifest.Network;
import dev.drover.egress.HostList;
import dev.drover.egress.HostRule;
import dev.drover.egress.HostRules;
import dev.drover.json.Json;
import dev.drover.json.JsonSchema;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue;
import dev.drover.yaml.YamlValue.YamlList;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the part of a manifest that opens doors: network, mounts, environment. */
final class ManifestAccess {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SECRET =
      Pattern.compile("\\$\\{\\{\\s*secrets\\.([A-Za-z_][A-Za-z0-9_]*)\\s*}}");

  /**
   * Ours, and those that make the loader, the C library or a shell run something: they would act on
   * the runtime's own launcher as well, which is not in the sandbox yet.
   */
  private static final Pattern RESERVED =
      Pattern.compile(
          "DROVER_.*|TRACEPARENT|PATH|HOME|LD_.*|GLIBC_TUNABLES|GCONV_PATH|GETCONF_DIR|LOCPATH"
              + "|NLSPATH|MALLOC_.*|BASH_.*|BASHOPTS|SHELLOPTS|PS4|IFS");

  private static final Pattern AS = Pattern.compile("(/[A-Za-z0-9][A-Za-z0-9._-]*)+");

  /** What a runtime puts there itself must not be covered. */
  private static final Set<String> TAKEN =
      Set.of(
          "agent",
          "agent-classes",
          "bin",
          "dev",
          "etc",
          "lib",
          "lib32",
          "lib64",
          "libx32",
          "proc",
          "run",
          "sbin",
          "sys",
          "usr");

  private static final int MOST_HOSTS = 100;

  private final ManifestFields fields;
  private final JsonSchema input;
  private final boolean takesOut;

  ManifestAccess(ManifestFields fields, JsonSchema input) {
    this.fields = fields;
    this.input = input;
    this.takesOut = fields.has("artifacts");
  }

  Access read() {
    return new Access(network(), mounts(), env());
  }

  private Network network() {
    if (fields.get("network") instanceof YamlList list) {
      return hosts(list);
    }
    String word = fields.text("network").orElse("none");
    return switch (word) {
      case "none" -> new Network.None();
      case "any" -> new Network.Any();
      default -> {
        String hint = "none, any, or a list of hosts such as [api.example.org]";
        fields.problem("network", "\"" + word + "\" is not known here", hint);
        yield new Network.None();
      }
    };
  }

  private Network hosts(YamlList list) {
    List<HostRule> rules = new ArrayList<>();
    for (int index = 0; index < list.items().size(); index++) {
      YamlValue item = list.items().get(index);
      if (item instanceof YamlScalar scalar) {
        host(index, scalar).ifPresent(rules::add);
      } else {
        fields.itemProblem("network", index, item, "must be text", HostRule.RULE);
      }
    }
    if (list.items().isEmpty()) {
      fields.problem("network", "the list is empty", "none, if the agent needs no network");
    } else if (list.items().size() > MOST_HOSTS) {
      fields.problem("network", "the list is too long", "at most " + MOST_HOSTS + " hosts, or any");
    }
    return new Network.Hosts(new HostList(rules));
  }

  private Optional<HostRule> host(int index, YamlScalar scalar) {
    HostRules.Reading reading = HostRules.read(scalar.raw());
    if (reading instanceof HostRules.Reading.Good good) {
      return Optional.of(good.rule());
    } else if (reading instanceof HostRules.Reading.Bad bad) {
      fields.itemProblem("network", index, scalar, bad.fault(), HostRule.RULE);
    }
    return Optional.empty();
  }

  private List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>();
    int index = 0;
    for (YamlValue item : fields.items("mounts")) {
      fields.item("mounts", index++, item).flatMap(m -> mount(m, mounts)).ifPresent(mounts::add);
    }
    return mounts;
  }

  private Optional<Mount> mount(ManifestFields mount, List<Mount> others) {
    mount.only(Set.of("input", "as", "readOnly"));
    Optional<String> field = mount.requiredText("input", "the input's field with the host path");
    Optional<String> as = mount.requiredText("as", "where the agent sees it, such as /work/source");
    boolean readOnly = mount.flag("readOnly").orElse(true);
    field.ifPresent(f -> checkField(mount, f));
    as.ifPresent(path -> checkTarget(mount, path, others));
    return field.flatMap(f -> as.map(a -> new Mount(f, a, readOnly)));
  }

  private void checkField(ManifestFields mount, String field) {
    Set<String> known = Json.asObject(input.source().get("properties")).keySet();
    if (!known.isEmpty() && !known.contains(field)) {
      String hint =
          Suggestion.didYouMean(field, known).orElse("known are " + String.join(", ", known));
      mount.problem("input", "the input has no field \"" + field + "\"", hint);
    }
  }

  private void checkTarget(ManifestFields mount, String as, List<Mount> others) {
    String top = as.length() < 2 ? "" : as.substring(1).split("/", 2)[0];
    if (!AS.matcher(as).matches()) {
      mount.problem("as", "\"" + as + "\" is not a plain absolute path", "such as /work/source");
    } else if (TAKEN.contains(top) || as.equals("/tmp")) {
      mount.problem("as", as + " belongs to the runtime", "use a path of its own: /work/source");
    }
    if (takesOut && ("/work/out/".startsWith(as + "/") || as.startsWith("/work/out/"))) {
      String hint = "that is where the agent leaves its files: use a path beside it";
      mount.problem("as", as + " and /work/out cover one another", hint);
    }
    for (Mount other : others) {
      if ((as + "/").startsWith(other.as() + "/") || (other.as() + "/").startsWith(as + "/")) {
        mount.problem("as", as + " and " + other.as() + " cover one another", null);
      }
    }
  }

  private Map<String, EnvValue> env() {
    Map<String, EnvValue> env = new LinkedHashMap<>();
    fields.object("env").ifPresent(e -> e.entries().keySet().forEach(k -> variable(e, k, env)));
    return env;
  }

  private static void variable(ManifestFields fields, String key, Map<String, EnvValue> env) {
    if (!VARIABLE.matcher(key).matches()) {
      fields.problem(key, "\"" + key + "\" is not a variable's name", "letters, digits and _");
    } else if (RESERVED.matcher(key).matches()) {
      fields.problem(key, key + " is set by the runtime", "use another name");
    }
    if (!(fields.get(key) instanceof YamlScalar scalar)) {
      fields.problem(key, "must be text", null);
      return;
    }
    String text = scalar.value() == null ? "" : scalar.raw();
    Matcher secret = SECRET.matcher(text);
    if (secret.matches()) {
      env.put(key, new EnvValue.Secret(secret.group(1)));
    } else if (text.contains("${{") || text.indexOf('\0') >= 0) {
      String hint = "plain text, or exactly ${{ secrets.NAME }}";
      fields.problem(key, "only a secret can be inserted here, and only alone", hint);
    } else {
      env.put(key, new EnvValue.Plain(text));
    }
  }
}
