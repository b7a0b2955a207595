package dev.drover.agent.dagger;

import static dev.drover.agent.dagger.Query.constant;
import static dev.drover.agent.dagger.Query.id;
import static dev.drover.agent.dagger.Query.text;

import dev.drover.agent.dagger.ContainerSpec.HostMount;
import dev.drover.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Writes what a program may write back to this host. It can be taken back: a folder that another
 * attempt writes by now must not be wiped by this one.
 */
final class WriteBack {
  /** An engine does not say that it has stopped, so what is taken back gets this long to stop. */
  private static final long SETTLE_MILLIS = 1_000;

  private static final String PLACE = "/drover-back";

  private final Session session;
  private final ContainerSpec spec;
  private final List<Session.Call> calls = new ArrayList<>();
  private boolean stopped;

  WriteBack(Session session, ContainerSpec spec) {
    this.session = session;
    this.spec = spec;
  }

  /**
   * Sends it; nothing, if it has been stopped already.
   *
   * @param ran what was selected of the container that ran
   */
  synchronized CompletableFuture<Void> start(Map<String, Object> ran) {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < spec.mounts().size() && !stopped; i++) {
      HostMount mount = spec.mounts().get(i);
      if (mount.kind() == HostMount.Kind.WRITE) {
        String id = String.valueOf(Json.asObject(ran.get("m" + i)).get("id"));
        Query query = export(mount, id);
        Session.Call call = session.ask(query);
        calls.add(call);
        all.add(call.reply().thenApply(reply -> ContainerQueries.read(query, reply)));
      }
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  /** Takes back what is not done, and sends no more; completes when that has come to rest. */
  CompletableFuture<Void> stop() {
    List<Session.Call> open;
    synchronized (this) {
      stopped = true;
      open = calls.stream().filter(call -> !call.reply().isDone()).toList();
    }
    if (open.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    open.forEach(Session.Call::abort);
    return new CompletableFuture<Void>()
        .completeOnTimeout(null, SETTLE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static Query export(HostMount mount, String id) {
    Query query = new Query().enter("container");
    Query.Argument path = text("path", PLACE);
    String host = mount.host().toString();
    if (ContainerQueries.field(mount).equals("directory")) {
      return query
          .enter("withMountedDirectory", path, id("source", id))
          .enter("directory", path)
          .select("export", text("path", host), constant("wipe", "true"));
    }
    return query
        .enter("withMountedFile", path, id("source", id))
        .enter("file", path)
        .select("export", text("path", host));
  }
}
