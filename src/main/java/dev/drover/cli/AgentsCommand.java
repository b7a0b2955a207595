package dev.drover.cli;

import picocli.CommandLine.Command;

/** What has to do with agents. */
@Command(
    name = "agents",
    description = "Work with agents.",
    mixinStandardHelpOptions = true,
    subcommands = {AgentsList.class, AgentsRun.class, AgentsNew.class, AgentsDoctor.class})
final class AgentsCommand {}
