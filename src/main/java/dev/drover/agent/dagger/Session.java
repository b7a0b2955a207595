package dev.drover.agent.dagger;

import dev.drover.agent.dagger.SessionProcess.Connection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An open session: queries go in, replies come out. Any number at the same time. */
final class Session {
  /** Pulling, building, sending files. */
  static final Duration READY_LIMIT = Duration.ofMinutes(10);

  /** For answers that hold an id and little more. */
  private static final long SMALL = 4 << 20;

  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(5);

  private final HttpClient http;
  private final Connection connection;
  private final Optional<SessionProcess> process;
  private final LogFeed logs;
  private final Map<String, CompletableFuture<?>> known = new ConcurrentHashMap<>();
  private final byte[] salt = new byte[32];
  private final long opened = System.nanoTime();
  private volatile boolean closed;
  private int users;
  private boolean retired;

  /** A query that was sent. */
  record Call(CompletableFuture<HttpResponse<byte[]>> request, CompletableFuture<Reply> reply) {
    /** Takes the request back. */
    void abort() {
      request.cancel(true);
    }
  }

  Session(HttpClient http, Connection connection, Optional<SessionProcess> process) {
    this.http = http;
    this.connection = connection;
    this.process = process;
    this.logs = new LogFeed(this);
    new SecureRandom().nextBytes(salt);
  }

  /** Sends a query whose answer is short and comes within {@link #READY_LIMIT}. */
  Call ask(Query query) {
    return send(post(query).timeout(READY_LIMIT), SMALL);
  }

  /**
   * Sends a query that takes as long as it takes: the caller takes it back in time.
   *
   * @param limit bytes that the answer may have
   */
  Call run(Query query, Trace trace, long limit) {
    return send(post(query).header("traceparent", trace.header()), limit);
  }

  private HttpRequest.Builder post(Query query) {
    return request("/query")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(query.body()));
  }

  private Call send(HttpRequest.Builder request, long limit) {
    CompletableFuture<HttpResponse<byte[]>> sent =
        http.sendAsync(request.build(), head -> new BoundedBody(limit));
    return new Call(sent, sent.handle(Session::reply));
  }

  private static Reply reply(@Nullable HttpResponse<byte[]> response, @Nullable Throwable thrown) {
    if (response != null) {
      return Reply.of(response.statusCode(), response.body());
    }
    Throwable fault =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    for (Throwable t = fault; t != null; t = t.getCause()) {
      if (t instanceof BoundedBody.TooLong) {
        return new Reply.TooLarge();
      }
    }
    return new Reply.Lost("the session does not answer: " + fault);
  }

  /** Whether the engine answers. */
  CompletableFuture<Optional<String>> version() {
    HttpRequest.Builder request = post(new Query().select("version")).timeout(SIGN_OF_LIFE);
    return send(request, SMALL)
        .reply()
        .thenApply(
            reply ->
                reply instanceof Reply.Data data
                    ? Optional.of(String.valueOf(data.data().get("version")))
                    : Optional.empty());
  }

  /** The start of a request to this session, which has to be HTTP/1.1. */
  HttpRequest.Builder request(String path) {
    String credentials = connection.token() + ":";
    String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connection.port() + path))
        .version(HttpClient.Version.HTTP_1_1)
        .header("Authorization", "Basic " + basic);
  }

  HttpClient http() {
    return http;
  }

  /** What programs write, while they do. */
  LogFeed logs() {
    return logs;
  }

  /** What has been found out once in this session, or is being found out; a failure is not kept. */
  @SuppressWarnings("unchecked")
  <T> CompletableFuture<T> once(
      String key, java.util.function.Supplier<CompletableFuture<T>> finding) {
    CompletableFuture<T> mine = new CompletableFuture<>();
    CompletableFuture<T> first = (CompletableFuture<T>) known.putIfAbsent(key, mine);
    if (first != null) {
      return first;
    }
    var unused =
        begun(finding)
            .whenComplete(
                (value, fault) -> {
                  if (fault == null) {
                    mine.complete(value);
                  } else {
                    known.remove(key, mine);
                    mine.completeExceptionally(fault);
                  }
                });
    return mine;
  }

  /** What fails before there is a future is a failure all the same: others may wait for it. */
  private static <T> CompletableFuture<T> begun(
      java.util.function.Supplier<CompletableFuture<T>> finding) {
    try {
      return finding.get();
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * The name under which a secret is known in this session: an engine takes two secrets of one name
   * for the same, whatever their values.
   */
  String nameOf(String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      digest.update(secret.getBytes(StandardCharsets.UTF_8));
      return "drover-" + HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Whether it is ours, and that old. */
  boolean isOlderThan(Duration age) {
    return process.isPresent() && System.nanoTime() - opened > age.toNanos();
  }

  /** A container begins to use it; until {@link #leave} it stays open. */
  synchronized void enter() {
    users++;
  }

  /** A container does not use it any more. */
  synchronized void leave() {
    users--;
    endUnused();
  }

  /** It gets no new containers: it ends when those that it has have ended. */
  synchronized void retire() {
    retired = true;
    endUnused();
  }

  private void endUnused() {
    if (retired && users == 0) {
      closed = true;
      logs.close();
      process.ifPresent(SessionProcess::release);
    }
  }

  boolean isOpen() {
    return !closed && process.map(SessionProcess::isAlive).orElse(true);
  }

  /** Ends it, if it is ours; waits for that, within bounds. */
  void close() {
    closed = true;
    logs.close();
    process.ifPresent(SessionProcess::close);
  }

  /** It has failed: ends what may be left of it. Returns at once. */
  void discard() {
    closed = true;
    logs.close();
    process.ifPresent(SessionProcess::kill);
  }
}
