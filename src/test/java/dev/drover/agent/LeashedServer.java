package dev.drover.agent;

import dev.drover.name.AgentName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process like a server: it runs agents and renews a lease. On stdin it is told {@code start
 * <folder>}, {@code renew} and {@code pause}; on stdout it tells {@code log <agent> <line>} and
 * {@code end <agent> <how>}.
 */
final class LeashedServer {
  private final AgentRuntime runtime;
  private final AtomicBoolean renewing = new AtomicBoolean();

  private LeashedServer(AgentRuntime runtime) {
    this.runtime = runtime;
  }

  public static void main(String[] arguments) throws IOException {
    ExecutorService executor = Executors.newFixedThreadPool(2);
    RuntimeSettings settings =
        new RuntimeSettings(
            List.of(), List.of(), Secrets.NONE, 8, Clock.systemUTC(), Duration.ofSeconds(2));
    AgentRuntime runtime =
        arguments[0].equals("sandbox")
            ? new SandboxRuntime(settings, executor)
            : new ProcessRuntime(settings, executor);
    LeashedServer server = new LeashedServer(runtime);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    var unused = clock.scheduleAtFixedRate(server::renew, 0, 100, TimeUnit.MILLISECONDS);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      server.obey(order);
    }
    Runtime.getRuntime().halt(0);
  }

  private void renew() {
    if (renewing.get()) {
      runtime.leaseRenewed(System.nanoTime());
    }
  }

  private void obey(String order) {
    if (order.startsWith("start ")) {
      start(Path.of(order.substring("start ".length())));
    } else {
      renewing.set(order.equals("renew"));
    }
  }

  private void start(Path folder) {
    AgentManifest manifest = ManifestReader.read(folder).manifest().orElseThrow();
    AgentName name = manifest.name();
    AttemptIdentity identity = new AttemptIdentity("r", "n", 1, "k", Optional.empty());
    LogSink log =
        lines -> {
          lines.forEach(line -> tell("log " + name + " " + line.text()));
          return CompletableFuture.completedFuture(null);
        };
    Duration timeout = Duration.ofMinutes(5);
    var unused =
        runtime
            .start(new AttemptRequest(manifest, Map.of(), folder, timeout, identity, log))
            .result()
            .thenAccept(result -> tell("end " + name + " " + how(result)));
  }

  private static String how(AttemptResult result) {
    return result instanceof AttemptResult.Failed failed
        ? failed.type() + ": " + failed.message()
        : result.getClass().getSimpleName();
  }

  private static void tell(String line) {
    System.out.println(line);
  }
}
