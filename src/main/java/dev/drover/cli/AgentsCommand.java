package dev.drover.cli;

import picocli.CommandLine.Command;

/** What has to do with agents. */
@Command(
    name = "agents",
    description = "Work with agents.",
    mixinStandardHelpOptions = true,
    subcommands = {AgentsDoctor.class})
final class AgentsCommand {}
