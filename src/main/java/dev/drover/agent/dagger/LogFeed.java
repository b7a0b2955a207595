package dev.drover.agent.dagger;

import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the programs of a session write, while they do: its stream of log records ({@code GET
 * /v1/logs}), told apart by the trace that was sent with each program's query. The stream is not a
 * documented interface, so nothing depends on it: without it the lines come at the end.
 */
final class LogFeed {
  private static final Logger LOG = LoggerFactory.getLogger(LogFeed.class);
  private static final long PAUSE_MILLIS = 1_000;
  private static final int MOST_FAILURES = 3;

  private final Session session;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Follower> followers = new ConcurrentHashMap<>();
  private @Nullable CompletableFuture<HttpResponse<Void>> stream;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean connected;
  private boolean closed;
  private volatile String lastEvent = "";

  /** Hears what one program writes. */
  @FunctionalInterface
  interface Ear {
    void heard(LogRecords.Piece piece);
  }

  /** One program's share of the stream. */
  final class Follower {
    private final Trace trace;
    private final Ear ear;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private Follower(Trace trace, Ear ear) {
      this.trace = trace;
      this.ear = ear;
    }

    Trace trace() {
      return trace;
    }

    /** Whether what the program writes is heard at all. */
    boolean isLive() {
      return connected;
    }

    /** Completes when the program's stderr has come to its end in the stream, if there is one. */
    CompletableFuture<Void> ended() {
      return connected ? ended : CompletableFuture.completedFuture(null);
    }

    /** Nothing of it is told any more. */
    void stop() {
      followers.remove(trace.id(), this);
    }
  }

  LogFeed(Session session) {
    this.session = session;
  }

  /**
   * Follows a program.
   *
   * @param wanted the trace to use; if another program of this session uses it at the moment, a new
   *     one takes its place, since the stream tells programs apart by nothing else
   */
  Follower follow(Optional<Trace> wanted, Ear ear) {
    subscribe();
    if (wanted.isPresent()) {
      Follower follower = new Follower(wanted.get(), ear);
      if (followers.putIfAbsent(follower.trace.id(), follower) == null) {
        return follower;
      }
    }
    Follower follower = new Follower(Trace.fresh(random), ear);
    followers.put(follower.trace.id(), follower);
    return follower;
  }

  private synchronized void subscribe() {
    if (stream != null || closed || failures.get() >= MOST_FAILURES) {
      return;
    }
    var request = session.request("/v1/logs").header("Accept", "text/event-stream").GET();
    if (!lastEvent.isEmpty()) {
      request.header("X-Last-Event-ID", lastEvent);
    }
    CompletableFuture<HttpResponse<Void>> opened =
        session
            .http()
            .sendAsync(
                request.build(),
                head -> {
                  connected = head.statusCode() == 200;
                  return HttpResponse.BodySubscribers.fromLineSubscriber(
                      new EventLines(this::event));
                });
    stream = opened;
    var unused = opened.whenComplete((response, fault) -> ended(response, fault));
  }

  private synchronized void ended(
      @Nullable HttpResponse<Void> response, @Nullable Throwable fault) {
    stream = null;
    if (closed || !session.isOpen()) {
      return;
    }
    connected = false;
    failures.incrementAndGet();
    LOG.atDebug()
        .addKeyValue("status", response == null ? 0 : response.statusCode())
        .setCause(fault)
        .log("The stream of a Dagger session's log ended");
    CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS).execute(this::subscribe);
  }

  private void event(String id, String data) {
    failures.set(0);
    if (!id.isEmpty()) {
      lastEvent = id;
    }
    for (LogRecords.Piece piece : LogRecords.read(data)) {
      Follower follower = followers.get(piece.trace());
      if (follower != null) {
        tell(follower, piece);
      }
    }
  }

  private static void tell(Follower follower, LogRecords.Piece piece) {
    try {
      follower.ear.heard(piece);
    } catch (RuntimeException e) { // the others go on
      LOG.atError().setCause(e).log("A listener of a container failed");
    }
    if (piece.stderr() && piece.last()) {
      follower.ended.complete(null);
    }
  }

  synchronized void close() {
    closed = true;
    if (stream != null) {
      stream.cancel(true);
    }
  }
}
