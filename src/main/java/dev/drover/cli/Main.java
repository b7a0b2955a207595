package dev.drover.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code drover} command. */
@Command(
    name = "drover",
    description = "Turns alerts into finished remediations.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {Serve.class, Validate.class, AgentsCommand.class})
public final class Main {
  private Main() {}

  /** Runs a command; the process ends with its exit code unless it is a server. */
  public static void main(String[] arguments) {
    int code =
        new CommandLine(new Main()).setCaseInsensitiveEnumValuesAllowed(true).execute(arguments);
    if (code != Serve.RUNNING) {
      System.exit(code);
    }
  }
}
