package dev.drover.chaos;

import dev.drover.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Steady alerts, told as Alertmanager tells them: each group by itself and in order, to any of the
 * replicas, again with back-off until one has answered with 2xx, repeated while they fire.
 */
final class Alertmanager {
  private static final Duration ANSWER = Duration.ofSeconds(6);
  private static final Duration FLUSH = Duration.ofSeconds(30);
  private static final Duration LAST = Duration.ofSeconds(90);
  private static final long BACK_OFF_MILLIS = 100;
  private static final long LONGEST_BACK_OFF_MILLIS = 2_000;
  private static final int PACE_MILLIS = 4_000;

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();
  private final List<Replica> replicas;
  private final List<Thread> senders = new ArrayList<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Queue<SentAlert> accepted = new ConcurrentLinkedQueue<>();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final AtomicInteger deliveries = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger spooled = new AtomicInteger();
  private final Predicate<UUID> isStored;

  /** {@code isStored} says whether a delivery is in the database. */
  Alertmanager(
      List<Replica> replicas, List<AlarmGroup> groups, Predicate<UUID> isStored, long seed) {
    this.replicas = replicas;
    this.isStored = isStored;
    for (AlarmGroup group : groups) {
      Random random = new Random(seed * 1_000 + senders.size());
      Thread sender = new Thread(() -> send(group, random), "group-" + senders.size());
      sender.setDaemon(true);
      senders.add(sender);
    }
  }

  void start() {
    senders.forEach(Thread::start);
  }

  /** Everything that fires resolves; returns when that has been told. */
  void end() throws InterruptedException {
    ending.countDown();
    for (Thread sender : senders) {
      sender.join(LAST.toMillis());
    }
  }

  /** What was answered with 2xx, in the order of the answers. */
  List<SentAlert> accepted() {
    return List.copyOf(accepted);
  }

  /** Bodies that a server kept on its disk at first, because the database was away. */
  int spooled() {
    return spooled.get();
  }

  /** Answers that say that a body is wrong, which none was. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  /** Bodies that were answered with 2xx. */
  int deliveries() {
    return deliveries.get();
  }

  /** Bodies that were answered with 5xx or not at all. */
  int failures() {
    return failures.get();
  }

  /**
   * What is on the disk of one server can be overtaken by the resolve that the other one stores,
   * but not by the next firing: for that, Alertmanager lets its group_interval pass twice.
   */
  private void send(AlarmGroup group, Random random) {
    Set<UUID> onDisk = new HashSet<>();
    try {
      while (!ending.await(random.nextInt(PACE_MILLIS), TimeUnit.MILLISECONDS)) {
        onDisk.removeIf(isStored);
        if (onDisk.isEmpty()) {
          group.change(random);
        } else {
          group.resolveOne(random);
        }
        flush(group, random, onDisk, FLUSH);
      }
      group.resolveAll();
      flush(group, random, onDisk, LAST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One notification, until it is acknowledged or it is time to look at the group anew. */
  private void flush(AlarmGroup group, Random random, Set<UUID> onDisk, Duration atMost)
      throws InterruptedException {
    List<SentAlert> alerts = group.snapshot();
    long deadline = System.nanoTime() + atMost.toNanos();
    long backOff = BACK_OFF_MILLIS;
    while (!alerts.isEmpty() && System.nanoTime() < deadline) {
      Replica receiver = replicas.get(random.nextInt(replicas.size()));
      if (isAccepted(receiver, group, alerts, onDisk)) {
        group.acknowledged(alerts);
        accepted.addAll(alerts);
        return;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(backOff));
      backOff = Math.min(2 * backOff, LONGEST_BACK_OFF_MILLIS);
    }
  }

  private boolean isAccepted(
      Replica receiver, AlarmGroup group, List<SentAlert> alerts, Set<UUID> onDisk)
      throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + receiver.port() + "/api/webhooks/alertmanager");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body(group, alerts)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      int status = answer.statusCode();
      if (status / 100 == 2) {
        deliveries.incrementAndGet();
        spooledAs(answer.body()).ifPresent(onDisk::add);
        return true;
      }
      if (status / 100 == 4) {
        refused.add(Instant.now() + " by " + receiver.name() + ": " + status + answer.body());
      }
    } catch (IOException e) {
      failures.incrementAndGet();
      return false;
    }
    failures.incrementAndGet();
    return false;
  }

  /** A delivery that a server kept on its disk for now. */
  private Optional<UUID> spooledAs(String answer) {
    if (!answer.contains("\"spooled\"")) {
      return Optional.empty();
    }
    spooled.incrementAndGet();
    Map<String, Object> fields = Json.asObject(Json.parseTrusted(answer));
    return Optional.of(UUID.fromString(String.valueOf(fields.get("delivery"))));
  }

  private static String body(AlarmGroup group, List<SentAlert> alerts) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("version", "4");
    body.put("groupKey", "{}:{alertname=\"" + group.alertname() + "\"}");
    body.put("receiver", "drover");
    body.put("status", alerts.stream().anyMatch(SentAlert::fires) ? "firing" : "resolved");
    body.put("alerts", alerts.stream().map(SentAlert::toJson).toList());
    return Json.print(body);
  }
}
