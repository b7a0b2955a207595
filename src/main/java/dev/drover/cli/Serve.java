package dev.drover.cli;

import dev.drover.server.DroverServer;
import dev.drover.server.Settings;
import dev.drover.server.Settings.RuntimeChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts a server. Options that are not given are left to the environment and application.yml. */
@Command(
    name = "serve",
    description = "Start the server.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Serve implements Callable<Integer> {
  /** The exit code that means: the process goes on. */
  static final int RUNNING = -1;

  @Option(names = "--port", description = "API port (9002)")
  @Nullable Integer port;

  @Option(names = "--metrics-port", description = "Port of /metrics and /health (9464)")
  @Nullable Integer metricsPort;

  @Option(names = "--bind", description = "Address to listen on (127.0.0.1)")
  @Nullable String bind;

  @Option(names = "--data-dir", description = "Where the embedded PostgreSQL lives (.drover)")
  @Nullable String dataDir;

  @Option(names = "--db-url", description = "JDBC URL of a PostgreSQL to use instead")
  @Nullable String dbUrl;

  @Option(names = "--db-user", description = "Its user")
  @Nullable String dbUser;

  @Option(
      names = "--db-password",
      description = "Its password; better in the environment: DROVER_DB_PASSWORD")
  @Nullable String dbPassword;

  @Option(names = "--workflows", description = "Folder of workflows (workflows)")
  @Nullable String workflows;

  @Option(names = "--agents", description = "Folder of agents (agents)")
  @Nullable String agents;

  @Option(names = "--routes", description = "Folder of Camel routes (routes)")
  @Nullable String routes;

  @Option(names = "--runtime", description = "auto, sandbox, process or dagger (auto)")
  @Nullable RuntimeChoice runtime;

  @Option(names = "--demo", description = "Also post a sample alert and show its run")
  boolean demo;

  @Override
  public Integer call() {
    try {
      var server = DroverServer.start(settings());
      if (demo) {
        String port = server.getEnvironment().getProperty("local.server.port", "9002");
        new Demo(server.getBean(Settings.class), port).run();
      }
      return RUNNING;
    } catch (RuntimeException e) {
      return 1; // the server has said why
    }
  }

  private String[] settings() {
    List<String> settings = new ArrayList<>();
    add(settings, "port", port);
    add(settings, "metrics-port", metricsPort);
    add(settings, "bind", bind);
    add(settings, "data-dir", dataDir);
    add(settings, "db-url", dbUrl);
    add(settings, "db-user", dbUser);
    add(settings, "db-password", dbPassword);
    add(settings, "workflows", workflows);
    add(settings, "agents", agents);
    add(settings, "routes", routes);
    add(settings, "runtime", runtime == null ? null : runtime.name().toLowerCase(Locale.ROOT));
    return settings.toArray(String[]::new);
  }

  private static void add(List<String> settings, String name, @Nullable Object value) {
    if (value != null) {
      settings.add("--drover." + name + "=" + value);
    }
  }
}
