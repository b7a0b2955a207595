package dev.drover.cli;

import dev.drover.agent.AgentManifest;
import dev.drover.agent.ManifestReader;
import dev.drover.name.AgentName;
import dev.drover.server.SpringCron;
import dev.drover.workflow.AgentCatalog;
import dev.drover.workflow.EndpointRules;
import dev.drover.workflow.Reading;
import dev.drover.workflow.WorkflowReader;
import dev.drover.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks workflow files without a server: for editors, hooks and CI. */
@Command(
    name = "validate",
    description = "Check workflow files; exit code 1 if one has problems.",
    mixinStandardHelpOptions = true)
final class Validate implements Callable<Integer> {
  @Option(names = "--agents", description = "Folder of agents (agents)", defaultValue = "agents")
  Path agents = Path.of("agents");

  @Option(
      names = "--allow",
      description = "Endpoints that nodes may name (direct:*, log:*)",
      defaultValue = "direct:*,log:*",
      split = ",")
  List<String> allowed = List.of();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Workflow files")
  List<Path> files = List.of();

  @Override
  public Integer call() throws IOException {
    WorkflowReader reader =
        new WorkflowReader(new Manifests(read()), new EndpointRules(allowed), new SpringCron());
    boolean valid = true;
    for (Path file : files) {
      Reading reading = reader.read(file.toString(), Files.readString(file));
      if (reading instanceof Reading.Invalid invalid) {
        System.out.println(Problem.lines(invalid.problems()));
        valid = false;
      } else {
        List<Problem> warnings = ((Reading.Valid) reading).warnings();
        System.out.println(file + ": valid");
        warnings.forEach(warning -> System.out.println("warning: " + warning));
      }
    }
    return valid ? 0 : 1;
  }

  private Map<AgentName, AgentCatalog.Entry> read() throws IOException {
    Map<AgentName, AgentCatalog.Entry> found = new TreeMap<>();
    if (!Files.isDirectory(agents)) {
      return found;
    }
    try (Stream<Path> folders = Files.list(agents)) {
      folders
          .filter(folder -> Files.exists(folder.resolve(ManifestReader.FILE)))
          .forEach(
              folder ->
                  ManifestReader.read(folder)
                      .manifest()
                      .ifPresent(m -> found.put(m.name(), entry(m))));
    }
    return found;
  }

  private static AgentCatalog.Entry entry(AgentManifest manifest) {
    boolean once = manifest.effect() == AgentManifest.Effect.ONCE;
    return new AgentCatalog.Entry(manifest.input(), once, Optional.empty());
  }

  private record Manifests(Map<AgentName, Entry> entries) implements AgentCatalog {
    @Override
    public Collection<AgentName> names() {
      return entries.keySet();
    }

    @Override
    public Optional<Entry> find(AgentName name) {
      return Optional.ofNullable(entries.get(name));
    }
  }
}
