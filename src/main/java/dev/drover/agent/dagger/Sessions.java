package dev.drover.agent.dagger;

import dev.drover.agent.dagger.SessionProcess.Connection;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session: it is opened when it is first needed, and anew when it is lost. Whoever runs
 * something in a session that turns out to be dead says so.
 */
final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final SessionSettings settings;
  private final HttpClient http;
  private @Nullable CompletableFuture<Session> current;
  private @Nullable String obstacle;
  private long failedAt;
  private boolean closed;

  Sessions(SessionSettings settings) {
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  /** The session, for a container: it stays open until the container leaves it. */
  synchronized CompletableFuture<Session> enter() {
    return current()
        .thenApply(
            session -> {
              session.enter();
              return session;
            });
  }

  /** The session; completes exceptionally with {@link NoSession} if there is none to be had. */
  synchronized CompletableFuture<Session> current() {
    if (closed) {
      return CompletableFuture.failedFuture(new NoSession("the server is shutting down", false));
    }
    CompletableFuture<Session> known = current;
    if (known != null && isGood(known)) {
      return known;
    } else if (known != null && !known.isCompletedExceptionally() && known.join().isOpen()) {
      known.join().retire();
    }
    CompletableFuture<Session> opened = open();
    current = opened;
    var unused = opened.whenComplete((session, fault) -> note(opened, session, fault));
    return opened;
  }

  private boolean isGood(CompletableFuture<Session> known) {
    if (!known.isDone()) {
      return true;
    }
    return known.isCompletedExceptionally()
        ? System.nanoTime() - failedAt < settings.patience().toNanos()
        : known.join().isOpen() && !known.join().isOlderThan(settings.renewal());
  }

  /**
   * Why there is no session, if a try to open one has just failed. Otherwise one is opened, if
   * there is none, and whoever needs it hears the reason.
   */
  Optional<String> obstacle() {
    boolean failed = current().isCompletedExceptionally();
    synchronized (this) {
      return failed ? Optional.ofNullable(obstacle) : Optional.empty();
    }
  }

  private CompletableFuture<Session> open() {
    SessionSource source = SessionSource.find(settings.environment());
    if (source instanceof SessionSource.Missing missing) {
      return CompletableFuture.failedFuture(new NoSession(missing.reason(), false));
    } else if (source instanceof SessionSource.Running running) {
      Connection connection = new Connection(running.port(), running.token());
      return checked(new Session(http, connection, Optional.empty()));
    }
    try {
      SessionProcess process =
          SessionProcess.start(((SessionSource.Cli) source).program(), settings.environment());
      long limit = settings.startLimit().toMillis();
      CompletableFuture.delayedExecutor(limit, TimeUnit.MILLISECONDS)
          .execute(() -> process.giveUp(settings.startLimit()));
      return process
          .connected()
          .thenApply(connection -> new Session(http, connection, Optional.of(process)))
          .thenApply(
              session -> {
                var unused = process.onExit().thenAccept(ended -> drop(session));
                return session;
              });
    } catch (IOException e) {
      String message = "the dagger command cannot be started: " + e.getMessage();
      return CompletableFuture.failedFuture(new NoSession(message, false));
    }
  }

  private static CompletableFuture<Session> checked(Session session) {
    return session
        .version()
        .thenApply(
            version -> {
              if (version.isEmpty()) {
                String where = SessionSource.PORT + " and " + SessionSource.TOKEN;
                throw new NoSession("the session that " + where + " name does not answer", true);
              }
              return session;
            });
  }

  private synchronized void note(
      CompletableFuture<Session> opened, @Nullable Session session, @Nullable Throwable fault) {
    if (session != null) {
      obstacle = null;
      if (closed) {
        session.discard();
      }
      LOG.atInfo().log("A Dagger session is open");
    } else if (current == opened || current == null) {
      Throwable cause =
          fault instanceof CompletionException && fault.getCause() != null
              ? fault.getCause()
              : fault;
      obstacle = cause == null ? "no session" : String.valueOf(cause.getMessage());
      failedAt = System.nanoTime();
      LOG.atWarn().addKeyValue("reason", obstacle).log("There is no Dagger session");
    }
  }

  /** A query was not answered: if the session does not answer anything else, it is given up. */
  void doubt(Session session) {
    var unused =
        session
            .version()
            .thenAccept(
                version -> {
                  if (version.isEmpty()) {
                    drop(session);
                  }
                });
  }

  private void drop(Session session) {
    boolean ours;
    synchronized (this) {
      ours =
          current != null
              && current.isDone()
              && !current.isCompletedExceptionally()
              && current.join() == session;
      if (ours) {
        current = null;
      }
    }
    if (ours) {
      LOG.atWarn().log("The Dagger session is lost; the next attempt opens another");
    }
    session.discard();
  }

  /** Ends the session; what still runs in it ends with it. */
  void close() {
    CompletableFuture<Session> last;
    synchronized (this) {
      closed = true;
      last = current;
      current = null;
    }
    if (last != null && last.isDone() && !last.isCompletedExceptionally()) {
      last.join().close();
    }
  }
}
