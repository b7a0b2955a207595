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

  /** Where a Java agent finds its archive of classes; a manifest's mounts can't be there. */
  private static final String CLASSES = "/agent-classes";

  private final Isolation isolation;
  private final RuntimeSettings settings;
  private final ClassArchives archives;

  Preparation(Isolation isolation, RuntimeSettings settings, ClassArchives archives) {
    this.isolation = isolation;
    this.settings = settings;
    this.archives = archives;
  }

  /**
   * What can be started.
   *
   * @param input the file that becomes stdin: a child that never reads it blocks nobody; a warm
   *     process has none
   */
  record Prepared(Launch launch, Map<String, String> env, SecretMask mask, Optional<Path> input) {
    /** Deletes the input: who has it open goes on reading it. */
    void deleteInput() {
      input.ifPresent(Preparation::delete);
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

  /** For a process that serves one attempt. */
  Prepared prepare(AttemptRequest request) throws Refused {
    List<BoundMount> mounts = new ArrayList<>();
    AgentManifest manifest = request.manifest();
    Path archive = archives.find(manifest).orElse(null);
    if (archive != null) {
      BoundMount bound = new BoundMount(archive, CLASSES + "/classes.jsa", true);
      mounts.add(bound);
      manifest = ClassArchives.using(manifest, isolation.visible(bound));
    }
    return prepare(request, manifest, mounts);
  }

  /** The same, and when it ends well its classes are archived in the workshop. */
  Prepared prepareArchiving(AttemptRequest request, Path workshop) throws Refused {
    BoundMount bound = new BoundMount(workshop, CLASSES, false);
    String archive = isolation.visible(bound) + "/classes.jsa";
    return prepare(
        request,
        ClassArchives.making(request.manifest(), archive),
        new ArrayList<>(List.of(bound)));
  }

  private Prepared prepare(AttemptRequest request, AgentManifest manifest, List<BoundMount> mounts)
      throws Refused {
    checkProgram(manifest);
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
    identify(request.identity(), env);
    return launched(manifest, mounts, env, mask, Optional.of(inputFile(input)));
  }

  /** For a process that serves many attempts: it is told of each by its request. */
  Prepared prepareWarm(AgentManifest manifest) throws Refused {
    checkProgram(manifest);
    Map<String, String> env = new LinkedHashMap<>();
    SecretMask mask = new SecretMask(resolve(manifest, env));
    env.put("DROVER_WARM", "1");
    return launched(manifest, List.of(), env, mask, Optional.empty());
  }

  private Prepared launched(
      AgentManifest manifest,
      List<BoundMount> mounts,
      Map<String, String> env,
      SecretMask mask,
      Optional<Path> input)
      throws Refused {
    try {
      Launch launch = isolation.launch(manifest, mounts);
      env.putAll(launch.env());
      env.putAll(Map.of("PATH", launch.searchPath(), "HOME", "/tmp", "LANG", "C.UTF-8"));
      return new Prepared(launch, env, mask, input);
    } catch (IOException e) {
      input.ifPresent(Preparation::delete);
      throw new Refused(FailureType.START_FAILED, "the sandbox can't be set up: " + e);
    } catch (RuntimeException | Error e) {
      input.ifPresent(Preparation::delete);
      throw e;
    }
  }

  private void checkProgram(AgentManifest manifest) throws Refused {
    String missing = isolation.missing(manifest).orElse(null);
    if (missing != null) {
      throw new Refused(FailureType.START_FAILED, missing);
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
      if (!isolation.hides() && settings.hiddenNow().stream().anyMatch(h -> h.startsWith(real))) {
        throw new Refused(
            FailureType.MOUNT_REFUSED,
            what
                + " holds the server's own data, which the "
                + isolation.name()
                + " runtime can't leave out; name a folder below it");
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
    Path file = null;
    try {
      file = Files.createTempFile("drover-input", ".json");
      Files.writeString(file, Json.print(input));
      return file;
    } catch (IOException e) {
      if (file != null) {
        delete(file);
      }
      throw new Refused(FailureType.START_FAILED, "the input cannot be handed over: " + e);
    }
  }
}
