package dev.drover.cli;

import dev.drover.agent.SandboxRuntime;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what of all that agents may need is there, and how to get what is not. */
@Command(
    name = "doctor",
    description = {
      "Say what agents can run on here, what is missing, and how to get it.",
      "Exit code 1 if what --runtime needs is missing; without it, if agents can't be isolated."
    },
    mixinStandardHelpOptions = true)
final class AgentsDoctor implements Callable<Integer> {
  private final Map<String, String> environment;

  @Option(names = "--runtime", description = "The runtime that has to work: sandbox or dagger")
  Optional<Wanted> runtime = Optional.empty();

  @Option(
      names = "--wait",
      description = "Seconds that a Dagger session may take to open (60); a cold engine takes long",
      defaultValue = "60")
  int wait = 60;

  @Option(names = "--json", description = "Print JSON")
  boolean json;

  /** What has to work. */
  enum Wanted {
    SANDBOX,
    DAGGER
  }

  /** For picocli. */
  AgentsDoctor() {
    this(System.getenv());
  }

  AgentsDoctor(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    List<Finding> sandbox = sandbox();
    SessionSettings settings =
        new SessionSettings(
            environment, Duration.ofSeconds(wait), Duration.ZERO, Duration.ofHours(1));
    List<Finding> dagger = new DaggerChecks(settings).all();
    List<Finding> all = new ArrayList<>(sandbox);
    all.addAll(dagger);
    all.addAll(new ToolChecks(environment).all());
    System.out.println(
        json ? Json.pretty(all.stream().map(AgentsDoctor::row).toList()) : text(all));
    boolean sandboxed = sandbox.stream().allMatch(Finding::there);
    boolean contained = dagger.stream().allMatch(Finding::there);
    boolean good =
        runtime
            .map(r -> r == Wanted.SANDBOX ? sandboxed : contained)
            .orElse(sandboxed || contained);
    return good ? 0 : 1;
  }

  private static List<Finding> sandbox() {
    Optional<String> obstacle = SandboxRuntime.unavailable();
    return List.of(
        obstacle.isEmpty()
            ? Finding.there("bubblewrap", "works: agents run in the sandbox")
            : Finding.missing(
                "bubblewrap",
                obstacle.get(),
                "apt-get install bubblewrap, or dnf install bubblewrap; offline: the same package"
                    + " from your mirror, it needs nothing but libc and libcap"));
  }

  private static Map<String, Object> row(Finding finding) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", finding.name());
    row.put("there", finding.there());
    row.put("detail", finding.detail());
    finding.remedy().ifPresent(remedy -> row.put("remedy", remedy));
    return row;
  }

  private static String text(List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      String state = finding.there() ? "ok     " : "missing";
      text.append("%s  %-14s %s%n".formatted(state, finding.name(), finding.detail()));
      finding
          .remedy()
          .ifPresent(
              r -> r.lines().forEach(l -> text.append(" ".repeat(25)).append(l).append("\n")));
    }
    return text.toString().stripTrailing();
  }
}
