package dev.drover.schedule;

import dev.drover.json.Json;
import dev.drover.run.RunRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A door that writes runs as the journal does, and remembers who knocked. */
final class OpenedRuns implements Door {
  private final JdbcClient jdbc;
  private final List<RunRequest> opened = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  OpenedRuns(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The next ones fail, as if the database was away. */
  void fail(int times) {
    failures.set(times);
  }

  int asked() {
    return asked.get();
  }

  List<RunRequest> opened() {
    return new ArrayList<>(opened);
  }

  /** The times that runs were opened for, in the order in which they were. */
  List<String> times() {
    return opened.stream().map(run -> run.dedupeKey().replaceFirst("^[^:]*:[^:]*:", "")).toList();
  }

  @Override
  public CompletableFuture<Boolean> open(RunRequest request) {
    asked.incrementAndGet();
    if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      return CompletableFuture.failedFuture(new IllegalStateException("the journal is away"));
    }
    int written =
        jdbc.sql(
                """
                insert into run (id, project, workflow, version, dedupe_key, state, reason, trigger,
                                 inputs)
                values (:id, :project, :workflow, :version, :key, 'QUEUED', 'test',
                        cast(:trigger as json), cast(:inputs as json))
                on conflict on constraint run_dedupe_uq do nothing
                """)
            .param("id", request.id().value())
            .param("project", request.project().value())
            .param("workflow", request.workflow().value())
            .param("version", request.version())
            .param("key", request.dedupeKey())
            .param("trigger", Json.print(request.trigger()))
            .param("inputs", Json.print(request.inputs()))
            .update();
    if (written == 1) {
      opened.add(request);
    }
    return CompletableFuture.completedFuture(written == 1);
  }
}
