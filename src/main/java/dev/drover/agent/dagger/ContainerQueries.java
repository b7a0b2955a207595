package dev.drover.agent.dagger;

import static dev.drover.agent.dagger.Query.constant;
import static dev.drover.agent.dagger.Query.id;
import static dev.drover.agent.dagger.Query.text;
import static dev.drover.agent.dagger.Query.texts;

import dev.drover.agent.dagger.ContainerSpec.Dockerfile;
import dev.drover.agent.dagger.ContainerSpec.HostMount;
import dev.drover.agent.dagger.ContainerSpec.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The queries of one container: what has to be there before it, and the run itself. Only fields and
 * arguments that Dagger has had from 0.18 on.
 */
final class ContainerQueries {
  /** The variable that no two runs have in common, so that no result is taken for another's. */
  static final String KEY = "DROVER_ATTEMPT_KEY";

  private static final String CONTEXT = "/drover-context";

  private final Session session;
  private final ContainerSpec spec;

  /**
   * Everything is there.
   *
   * @param query runs the program
   */
  record Ready(Session session, Query query, Wrapping wrapping) {}

  /** It does not come to a run, or not to what belongs after it. */
  static final class NotReady extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient ContainerEnd end;

    NotReady(ContainerEnd end) {
      super(String.valueOf(end), null, false, false);
      this.end = end;
    }

    ContainerEnd end() {
      return end;
    }
  }

  ContainerQueries(Session session, ContainerSpec spec) {
    this.session = session;
    this.spec = spec;
  }

  /** Has the image pulled or built, files and secrets sent. */
  CompletableFuture<Ready> ready() {
    Map<String, CompletableFuture<String>> ids = new HashMap<>();
    for (HostMount mount : spec.mounts()) {
      ids.put(mount.as(), upload(mount));
    }
    spec.secrets().forEach((name, value) -> ids.put("$" + name, secret(value)));
    CompletableFuture<String> context = context();
    CompletableFuture<Wrapping> wrapping = context.thenCompose(this::wrapping);
    List<CompletableFuture<?>> all = new ArrayList<>(ids.values());
    all.add(wrapping);
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              Map<String, String> found = new HashMap<>();
              ids.forEach((key, id) -> found.put(key, id.join()));
              Wrapping around = wrapping.join();
              return new Ready(session, run(context.join(), found, around), around);
            });
  }

  /** The id of a Dockerfile's folder; empty for an image. */
  private CompletableFuture<String> context() {
    return spec.root() instanceof Dockerfile dockerfile
        ? send(directory(dockerfile.folder(), true))
        : CompletableFuture.completedFuture("");
  }

  private CompletableFuture<String> upload(HostMount mount) {
    boolean folder = Files.isDirectory(mount.host());
    boolean fixed = mount.kind() == HostMount.Kind.FIXED;
    Query query = folder ? directory(mount.host(), !fixed) : file(mount.host(), !fixed);
    return fixed ? session.once("file " + mount.host(), () -> send(query)) : send(query);
  }

  private static Query directory(Path folder, boolean anew) {
    return host("directory", folder, anew);
  }

  private static Query file(Path file, boolean anew) {
    return host("file", file, anew);
  }

  private static Query host(String field, Path path, boolean anew) {
    return new Query()
        .enter("host")
        .enter(field, text("path", path.toString()), constant("noCache", String.valueOf(anew)))
        .select("id");
  }

  private CompletableFuture<String> secret(String value) {
    // A name stands for one value in a session, and a value for one name.
    String name = session.nameOf(value);
    Query query =
        new Query().enter("setSecret", text("name", name), text("plaintext", value)).select("id");
    return session.once("secret " + name, () -> send(query));
  }

  /** Sends a query for an id. */
  private CompletableFuture<String> send(Query query) {
    return data(query).thenApply(object -> String.valueOf(object.get("id")));
  }

  private CompletableFuture<Map<String, Object>> data(Query query) {
    return session.ask(query).reply().thenApply(reply -> read(query, reply));
  }

  /** What a query selected; throws {@link NotReady} if the engine did not come to that. */
  static Map<String, Object> read(Query query, Reply reply) {
    if (reply instanceof Reply.Data data) {
      return query
          .reached(data.data())
          .orElseThrow(() -> refused("the engine's answer is not complete"));
    } else if (reply instanceof Reply.Lost lost) {
      throw new NotReady(new ContainerEnd.Lost(lost.message(), false, Duration.ZERO));
    } else if (reply instanceof Reply.Refused no) {
      throw refused(no.message());
    } else if (reply instanceof Reply.ExecFailed failed) {
      throw refused("exit code " + failed.exitCode() + ": " + failed.stderr());
    }
    throw refused("the engine's answer is too long");
  }

  private static NotReady refused(String reason) {
    return new NotReady(new ContainerEnd.Refused(reason, Duration.ZERO));
  }

  /** The root; its type is Container. */
  private Query root(String context) {
    Query query = new Query().enter("container");
    if (spec.root() instanceof Image image) {
      return query.enter("from", text("address", image.address()));
    }
    // A way from an id to its directory that all versions have.
    return query
        .enter("withMountedDirectory", text("path", CONTEXT), id("source", context))
        .enter("directory", text("path", CONTEXT))
        .enter("dockerBuild");
  }

  /** Has the image pulled or built, and finds out, once in a session, what it bounds with. */
  private CompletableFuture<Wrapping> wrapping(String context) {
    String user = spec.program().user().orElse("");
    Supplier<CompletableFuture<Map<String, Object>>> there =
        () -> data(root(context).select("sync")); // what fails here says why
    if (spec.root() instanceof Image image) {
      return session.once(
          "image " + image.address() + " " + user,
          () -> there.get().thenCompose(done -> probe(context)));
    }
    Path dockerfile = ((Dockerfile) spec.root()).folder().resolve("Dockerfile");
    String key = dockerfile + " " + dockerfile.toFile().lastModified() + " " + user;
    return there.get().thenCompose(done -> session.once(key, () -> probe(context)));
  }

  private CompletableFuture<Wrapping> probe(String context) {
    Query query = as(root(context));
    query.enter("withExec", texts("args", Wrapping.PROBE), constant("expect", "ANY"));
    query.select("exitCode").select("stdout");
    return session
        .ask(query)
        .reply()
        .thenApply(
            reply -> {
              if (reply instanceof Reply.Lost lost) {
                throw new NotReady(new ContainerEnd.Lost(lost.message(), false, Duration.ZERO));
              }
              return reply instanceof Reply.Data data
                  ? query
                      .reached(data.data())
                      .map(found -> Wrapping.of(String.valueOf(found.get("stdout"))))
                      .orElse(Wrapping.NONE)
                  : Wrapping.NONE; // without a shell it does not even start
            });
  }

  private Query as(Query query) {
    spec.program().user().ifPresent(user -> query.enter("withUser", text("name", user)));
    return query;
  }

  private Query run(String context, Map<String, String> ids, Wrapping wrapping) {
    Query query = root(context);
    for (HostMount mount : spec.mounts()) {
      mount(query, mount, ids.getOrDefault(mount.as(), ""));
    }
    spec.env().forEach((n, v) -> query.enter("withEnvVariable", text("name", n), text("value", v)));
    for (String name : spec.secrets().keySet()) {
      String secret = ids.getOrDefault("$" + name, "");
      query.enter("withSecretVariable", text("name", name), id("secret", secret));
    }
    as(query);
    spec.program().workdir().ifPresent(dir -> query.enter("withWorkdir", text("path", dir)));
    String key = UUID.randomUUID().toString();
    query.enter("withEnvVariable", text("name", KEY), text("value", key));
    query.enter(
        "withExec",
        texts("args", wrapping.around(spec.program().args(), spec.bounds())),
        text("stdin", spec.program().stdin()),
        constant("expect", "ANY"));
    query.select("exitCode").select("stdout").select("stderr");
    for (int i = 0; i < spec.mounts().size(); i++) {
      HostMount mount = spec.mounts().get(i);
      if (mount.kind() == HostMount.Kind.WRITE) {
        query.selectId("m" + i, field(mount), text("path", mount.as()));
      }
    }
    return query;
  }

  /** Dagger's name for what a mount is. */
  static String field(HostMount mount) {
    return Files.isDirectory(mount.host()) ? "directory" : "file";
  }

  private void mount(Query query, HostMount mount, String source) {
    String field = Files.isDirectory(mount.host()) ? "withMountedDirectory" : "withMountedFile";
    Query.Argument path = text("path", mount.as());
    Query.Argument from = id("source", source);
    if (spec.program().user().isPresent()) {
      query.enter(field, path, from, text("owner", spec.program().user().get()));
    } else {
      query.enter(field, path, from);
    }
  }
}
