package dev.drover.cli;

import dev.drover.name.AgentName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes the folder of an agent that works at once, to be changed into what is wanted. */
@Command(
    name = "new",
    description = "Make a new agent: manifest, program, test and README.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AgentsNew implements Callable<Integer> {
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "NAME", description = AgentName.RULE)
  String name = "";

  @Option(names = "--language", required = true, description = "typescript, python, shell or java")
  AgentTemplate language = AgentTemplate.SHELL;

  @Option(names = "--dir", description = "Folder of agents (agents)", defaultValue = "agents")
  Path folder = Path.of("agents");

  @Override
  public Integer call() {
    if (!AgentName.isValid(name)) {
      throw new ParameterException(
          spec.commandLine(), "\"" + name + "\" is not a name: " + AgentName.RULE);
    }
    Path home = folder.resolve(name);
    PrintWriter err = spec.commandLine().getErr();
    try {
      language.write(home, new AgentName(name));
    } catch (FileAlreadyExistsException e) {
      err.println(e.getMessage() + " is there already; nothing was changed");
      return 1;
    } catch (IOException e) {
      err.println(home + " can't be written: " + e);
      return 1;
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("made " + home + "; try it:");
    out.println("  (cd " + home + " && " + language.test() + ")");
    out.println(
        "  drover agents run " + name + " --agents " + folder + " --input '{\"path\": \".\"}'");
    out.flush();
    return 0;
  }
}
