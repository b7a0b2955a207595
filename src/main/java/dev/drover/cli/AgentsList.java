package dev.drover.cli;

import dev.drover.agent.AgentManifest;
import dev.drover.agent.Agents;
import dev.drover.agent.Availability;
import dev.drover.agent.Registration;
import dev.drover.server.Settings.RuntimeChoice;
import dev.drover.yaml.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the agents of a folder without a server, and tests them if told to. */
@Command(
    name = "list",
    description = "List the agents of a folder; exit code 1 if one can't be used.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AgentsList implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--agents", description = "Folder of agents (agents)", defaultValue = "agents")
  Path folder = Path.of("agents");

  @Option(names = "--test", description = "Also run their self-tests, here")
  boolean test;

  @Option(
      names = "--runtime",
      description = "Where they are tested: auto, sandbox, process or dagger (auto)",
      defaultValue = "auto")
  RuntimeChoice runtime = RuntimeChoice.AUTO;

  /** A line of the list. */
  private record Row(String name, String effect, String timeout, String state, boolean usable) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    AgentFolders folders = AgentFolders.read(folder);
    if (folders.entries().isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("no agents in " + folder + "; drover agents new makes one");
      return 1;
    }
    List<Row> rows;
    try {
      rows = test ? tested(folders) : read(folders);
    } catch (IllegalStateException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 1;
    }
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(4);
    String form = "%-" + Math.max(width, 4) + "s  %-10s  %-8s  %s%n";
    out.printf(form, "NAME", "EFFECT", "TIMEOUT", "STATE");
    rows.forEach(row -> out.printf(form, row.name(), row.effect(), row.timeout(), row.state()));
    out.flush();
    return rows.stream().allMatch(Row::usable) ? 0 : 1;
  }

  private static List<Row> read(AgentFolders folders) {
    List<Row> rows = new ArrayList<>();
    for (AgentFolders.Entry entry : folders.entries()) {
      boolean usable = entry.read().manifest().isPresent();
      String state = usable ? "not tested (--test)" : problems(entry.read().problems());
      rows.add(row(entry, state, usable));
    }
    return rows;
  }

  /** All at once, as a server does it: two agents of one name are found as well. */
  private List<Row> tested(AgentFolders folders) {
    try (LocalRuntime local = LocalRuntime.open(runtime, List.of())) {
      Agents agents = new Agents(local.runtime(), local.executor());
      List<CompletableFuture<Row>> rows = new ArrayList<>();
      for (AgentFolders.Entry entry : folders.entries()) {
        Registration registration = agents.register(entry.home());
        rows.add(registration.availability().thenApply(found -> row(entry, registration, found)));
      }
      return rows.stream().map(CompletableFuture::join).toList();
    }
  }

  private static Row row(AgentFolders.Entry entry, Registration registration, Availability found) {
    String state = registration.isTaken() ? found.describe() : problems(registration.problems());
    return row(entry, state, found instanceof Availability.Available);
  }

  private static Row row(AgentFolders.Entry entry, String state, boolean usable) {
    AgentManifest manifest = entry.read().manifest().orElse(null);
    if (manifest == null) {
      return new Row(entry.name(), "-", "-", state, false);
    }
    String effect = manifest.effect().name().toLowerCase(Locale.ROOT);
    String timeout = manifest.limits().timeout().toSeconds() + "s";
    String shown = usable || state.startsWith("INVALID") ? state : "UNAVAILABLE: " + state;
    return new Row(entry.name(), effect, timeout, shown, usable);
  }

  private static String problems(List<Problem> problems) {
    return "INVALID: " + Problem.lines(problems).replace("\n", " | ");
  }
}
