package dev.drover.agent;

import dev.drover.agent.AgentManifest.EnvValue;
import dev.drover.agent.AgentManifest.Mount;
import dev.drover.agent.Isolation.BoundMount;
import dev.drover.agent.Isolation.Launch;
import dev.drover.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is done for an attempt before its process is started. */
final class Preparation {
  private static final Logger LOG = LoggerFactory.getLogger(Preparation.class);
  private final Isolation isolation;
  private final RuntimeSettings settings;

  Preparation(Isolation isolation, RuntimeSettings settings) {
    this.isolation = isolation;
    this.settings = settings;
  }

  /**
   * What can be started.
   *
   * @param input the file that becomes stdin: a child that never reads it blocks nobody
   */
  record Prepared(Launch launch, Map<String, String> env, SecretMask mask, Path input) {
    /** Deletes the input: who has it open goes on reading it. */
    void deleteInput() {
      delete(input);
    }

    /** Gives back everything because nothing is started. */
    void discard() {
      deleteInput();
      launch.bounds().release();
    }
  }

  /** Why nothing is started. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final FailureType type;

    Refused(FailureType type, String message) {
      super(message);
      this.type = type;
    }

    FailureType type() {
      return type;
    }
  }

  Prepared prepare(AttemptRequest request) throws Refused {
    AgentManifest manifest = request.manifest();
    String missing = isolation.missing(manifest).orElse(null);
    if (missing != null) {
      throw new Refused(FailureType.START_FAILED, missing);
    }
    List<BoundMount> mounts = new ArrayList<>();
    Map<String, Object> input = new LinkedHashMap<>(request.input());
    for (Mount mount : manifest.access().mounts()) {
      Object value = input.get(mount.input());
      if (value != null) {
        Optional<BoundMount> staged = request.files().mount(mount);
        BoundMount bound = staged.isPresent() ? staged.get() : bind(mount, value, request);
        mounts.add(bound);
        input.put(mount.input(), isolation.visible(bound));
      }
    }
    Map<String, String> env = new LinkedHashMap<>();
    SecretMask mask = new SecretMask(resolve(manifest, env));
    request
        .files()
        .outMount()
        .ifPresent(
            out -> {
              mounts.add(out);
              env.put("DROVER_OUT", isolation.visible(out));
            });
    Path inputFile = inputFile(input);
    try {
      Launch launch = isolation.launch(manifest, mounts);
      identify(request.identity(), env);
      env.putAll(launch.env());
      env.putAll(Map.of("PATH", launch.searchPath(), "HOME", "/tmp", "LANG", "C.UTF-8"));
      return new Prepared(launch, env, mask, inputFile);
    } catch (IOException e) {
      delete(inputFile);
      throw new Refused(FailureType.START_FAILED, "the sandbox can't be set up: " + e);
    }
  }

  private BoundMount bind(Mount mount, Object value, AttemptRequest request) throws Refused {
    if (!(value instanceof String text)) {
      throw new Refused(
          FailureType.MOUNT_REFUSED,
          "input." + mount.input() + " must be a path, not " + Json.typeOf(value));
    }
    String what = "input." + mount.input() + " = \"" + text + "\"";
    try {
      Path real = request.mountBase().resolve(text).toRealPath();
      if (settings.hiddenNow().stream().anyMatch(real::startsWith)) {
        throw new Refused(FailureType.MOUNT_REFUSED, what + " belongs to the server itself");
      }
      if (isAllowed(real, request.manifest().home())) {
        return new BoundMount(real, mount.as(), mount.readOnly());
      }
      throw new Refused(
          FailureType.MOUNT_REFUSED,
          what
              + " is "
              + real
              + ", which lies in none of the mount roots "
              + settings.mountRoots()
              + "; add its root to "
              + RuntimeSettings.MOUNT_ROOTS);
    } catch (IOException | InvalidPathException e) {
      throw new Refused(FailureType.MOUNT_REFUSED, what + " cannot be mounted: " + e);
    }
  }

  /** Links are resolved on both sides: a link within a root that leads out of it is outside. */
  private boolean isAllowed(Path real, Path home) {
    List<Path> roots = new ArrayList<>(settings.mountRoots());
    roots.add(home);
    return roots.stream().anyMatch(root -> contains(root, real));
  }

  private static boolean contains(Path root, Path real) {
    try {
      return real.startsWith(root.toRealPath());
    } catch (IOException e) {
      return false; // a root that is not there allows nothing
    }
  }

  private List<String> resolve(AgentManifest manifest, Map<String, String> env) throws Refused {
    List<String> secrets = new ArrayList<>();
    for (Map.Entry<String, EnvValue> variable : manifest.access().env().entrySet()) {
      if (variable.getValue() instanceof EnvValue.Plain plain) {
        env.put(variable.getKey(), plain.text());
      } else if (variable.getValue() instanceof EnvValue.Secret secret) {
        @Nullable String value = settings.secrets().find(secret.name()).orElse(null);
        if (value == null) {
          throw new Refused(
              FailureType.SECRET_MISSING,
              "the secret " + secret.name() + " (for " + variable.getKey() + ") is not known");
        }
        env.put(variable.getKey(), value);
        secrets.add(value);
      }
    }
    return secrets;
  }

  private static void identify(AttemptIdentity identity, Map<String, String> env) {
    env.put("DROVER_RUN", identity.run());
    env.put("DROVER_NODE", identity.node());
    env.put("DROVER_ATTEMPT", String.valueOf(identity.attempt()));
    env.put("DROVER_IDEMPOTENCY_KEY", identity.idempotencyKey());
    identity.traceparent().ifPresent(parent -> env.put("TRACEPARENT", parent));
  }

  private static void delete(Path input) {
    try {
      Files.deleteIfExists(input);
    } catch (IOException e) {
      LOG.atWarn().setCause(e).addKeyValue("file", input).log("An input was not deleted");
    }
  }

  private static Path inputFile(Map<String, Object> input) throws Refused {
    try {
      Path file = Files.createTempFile("drover-input", ".json");
      Files.writeString(file, Json.print(input));
      return file;
    } catch (IOException e) {
      throw new Refused(FailureType.START_FAILED, "the input cannot be handed over: " + e);
    }
  }
}
