package dev.drover.cli;

import dev.drover.agent.AgentCost;
import dev.drover.agent.AgentManifest;
import dev.drover.agent.AttemptFiles;
import dev.drover.agent.AttemptFolders;
import dev.drover.agent.AttemptIdentity;
import dev.drover.agent.AttemptRequest;
import dev.drover.agent.AttemptResult;
import dev.drover.agent.FailureType;
import dev.drover.agent.LogSink;
import dev.drover.agent.RunningAttempt;
import dev.drover.agent.Starter;
import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.server.Settings.RuntimeChoice;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs one attempt of an agent as a server would, without server and database: for debugging. */
@Command(
    name = "run",
    description =
        "Run an agent once, without a server: its log goes to stderr, its output to stdout. Exit"
            + " code 0: it succeeded; 75: a temporary failure; 1: any other. Secrets come from"
            + " DROVER_SECRET_*, as a server's.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AgentsRun implements Callable<Integer> {
  private static final int TEMPORARY = 75;

  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "NAME", description = "The agent's name")
  String name = "";

  @Option(
      names = "--input",
      paramLabel = "JSON",
      description = "A file, - for stdin, or the JSON object itself (default: the self-test's)")
  @Nullable String input;

  @Option(names = "--agents", description = "Folder of agents (agents)", defaultValue = "agents")
  Path folder = Path.of("agents");

  @Option(
      names = "--runtime",
      description = "auto, sandbox, process or dagger (auto)",
      defaultValue = "auto")
  RuntimeChoice runtime = RuntimeChoice.AUTO;

  @Option(names = "--timeout", description = "Seconds, if less than the manifest's")
  @Nullable Integer timeout;

  @Option(
      names = "--mount-root",
      paramLabel = "DIR",
      description = "Where paths of the input may lie (the working directory)")
  List<Path> mountRoots = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where files that it leaves are put (they are looked at and dropped)")
  @Nullable Path out;

  /** What the attempt gets: the input, and what its relative paths are resolved against. */
  private record Given(Map<String, Object> input, Path base) {}

  @Override
  public Integer call() {
    try {
      AgentManifest manifest = AgentFolders.read(folder).find(name);
      Given given = given(manifest);
      List<String> faults = manifest.input().validate(given.input());
      if (!faults.isEmpty()) {
        String message = "the input breaks the agent's schema: " + String.join("; ", faults);
        return failed(FailureType.INPUT_INVALID, message, false);
      }
      try (LocalRuntime local = LocalRuntime.open(runtime, mountRoots)) {
        Starter starter =
            new Starter(local.runtime(), AttemptFolders.temporary(), local.executor());
        AttemptFiles files = out == null ? AttemptFiles.LOOKED_AT : new OutFiles(out);
        return tell(starter.start(request(manifest, given), files), manifest.cost());
      }
    } catch (AgentFolders.NotThere | IllegalStateException e) {
      return failed(FailureType.AGENT_UNAVAILABLE, String.valueOf(e.getMessage()), false);
    } catch (InvalidJson e) {
      return failed(FailureType.INPUT_INVALID, "the input is not JSON: " + e.getMessage(), false);
    } catch (IOException e) {
      return failed(FailureType.INPUT_INVALID, "a file can't be read: " + e, false);
    }
  }

  private Given given(AgentManifest manifest) throws IOException, InvalidJson {
    Path here = Path.of("").toAbsolutePath();
    if (input == null) {
      return manifest
          .selfTest()
          .map(test -> new Given(test.input(), manifest.home()))
          .orElseGet(() -> new Given(Map.of(), here));
    }
    Object json;
    if (input.equals("-")) {
      json = Json.parse(System.in);
    } else if (input.stripLeading().startsWith("{")) {
      json = Json.parse(input);
    } else {
      json = Json.parse(Files.readAllBytes(Path.of(input)));
    }
    if (!(json instanceof Map)) {
      throw new ParameterException(
          spec.commandLine(), "--input must be a JSON object, not " + Json.typeOf(json));
    }
    return new Given(Json.asObject(json), here);
  }

  private AttemptRequest request(AgentManifest manifest, Given given) {
    String run = "local-" + UUID.randomUUID();
    AttemptIdentity identity =
        new AttemptIdentity(run, name, 1, run + "/" + name, Optional.empty());
    if (timeout != null && timeout < 1) {
      throw new ParameterException(spec.commandLine(), "--timeout must be at least 1 second");
    }
    Duration own = manifest.limits().timeout();
    Duration limit = timeout == null ? own : Duration.ofSeconds(timeout);
    PrintWriter err = spec.commandLine().getErr();
    LogSink log =
        lines -> {
          lines.forEach(line -> err.println(line.text()));
          err.flush();
          return CompletableFuture.completedFuture(null);
        };
    return new AttemptRequest(
        manifest,
        given.input(),
        given.base(),
        limit.compareTo(own) < 0 ? limit : own,
        identity,
        log);
  }

  private int tell(RunningAttempt attempt, AgentCost cost) {
    AttemptResult result = attempt.result().join();
    PrintWriter err = spec.commandLine().getErr();
    String price =
        cost.isNone()
            ? ""
            : ", cost " + cost.of(result.duration()).stripTrailingZeros().toPlainString();
    String took = result.duration().toMillis() + " ms in " + result.runtime() + price;
    if (result instanceof AttemptResult.Succeeded succeeded) {
      err.println("succeeded after " + took);
      err.flush();
      PrintWriter out = spec.commandLine().getOut();
      out.println(Json.pretty(succeeded.output()));
      out.flush();
      return 0;
    } else if (result instanceof AttemptResult.Failed failed) {
      err.println("failed after " + took);
      return failed(failed.type(), failed.message(), failed.temporary());
    }
    err.println("cancelled after " + took);
    return 1;
  }

  private int failed(FailureType type, String message, boolean temporary) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(type + ": " + message);
    err.flush();
    return temporary ? TEMPORARY : 1;
  }
}
