package dev.drover.server;

import dev.drover.agent.DaggerRuntime;
import dev.drover.name.ProjectName;
import dev.drover.security.Credential;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How a server is set up: {@code drover.*} in {@code application.yml}, {@code DROVER_*} in the
 * environment, or options of {@code drover serve}.
 *
 * @param bind the address to listen on; anything but loopback needs {@code auth}
 * @param dataDir where the embedded PostgreSQL and the spool live, artifacts, the files of
 *     attempts, and the class archives of agents
 * @param projects the projects beside {@code default}
 * @param maxBody bytes that a request's body may have
 */
@Validated
@ConfigurationProperties("drover")
public record Settings(
    @Min(0) @Max(65535) @DefaultValue("9002") int port,
    @Min(0) @Max(65535) @DefaultValue("9464") int metricsPort,
    @DefaultValue("127.0.0.1") String bind,
    @DefaultValue(".drover") Path dataDir,
    @DefaultValue("") String dbUrl,
    @DefaultValue("") String dbUser,
    @DefaultValue("") String dbPassword,
    @DefaultValue("workflows") Path workflows,
    @DefaultValue("agents") Path agents,
    @DefaultValue("routes") Path routes,
    @NotNull @DefaultValue("auto") RuntimeChoice runtime,
    @DefaultValue List<String> projects,
    @DefaultValue Auth auth,
    @DefaultValue Runs runs,
    @DefaultValue RetentionAges retention,
    @DefaultValue Alerts alerts,
    @DefaultValue("32MB") DataSize maxBody,
    @DefaultValue Endpoints endpoints,
    @DefaultValue AgentLimits agentLimits,
    @DefaultValue ArtifactSettings artifacts,
    @DefaultValue Dagger dagger,
    @DefaultValue Hawtio hawtio) {

  /** In what agents run. */
  public enum RuntimeChoice {
    /** The sandbox; without isolation, with a warning, where there is no sandbox. */
    AUTO,
    SANDBOX,
    PROCESS,
    /** Containers of a Dagger engine. */
    DAGGER
  }

  /**
   * Who may call: a token, or a user and password; none switches authentication off.
   *
   * @param project the only project that it opens; empty: all
   */
  public record Auth(
      @DefaultValue("") String token,
      @DefaultValue("") String user,
      @DefaultValue("") String password,
      @DefaultValue("") String project) {

    /** What callers may present; empty: everybody may call. */
    public List<Credential> credentials() {
      Optional<ProjectName> only =
          project.isEmpty() ? Optional.empty() : Optional.of(new ProjectName(project));
      List<Credential> all = new ArrayList<>();
      if (!token.isEmpty()) {
        all.add(Credential.bearer(only, token));
      }
      if (!user.isEmpty() && password.isEmpty()) {
        throw new IllegalArgumentException("drover.auth.user needs drover.auth.password");
      }
      if (!user.isEmpty()) {
        all.add(Credential.basic(only, user, password));
      }
      return all;
    }

    @Override
    public String toString() {
      return "Auth[" + credentials() + "]";
    }
  }

  /**
   * Runs.
   *
   * @param maxInFlight that one server carries at a time; the others wait in the journal
   * @param lease how long after its last sign of life a server's runs are taken up by another
   * @param maxQueued that may wait and have not started; alerts that would open more are refused
   */
  public record Runs(
      @Min(1) @DefaultValue("1000") int maxInFlight,
      @DurationMin(seconds = 3) @DurationMax(minutes = 10) @DefaultValue("10s") Duration lease,
      @Min(1) @DefaultValue("100000") int maxQueued) {

    /** How long a server that shows no sign of life keeps its agents: less than its lease. */
    Duration leash() {
      return lease.multipliedBy(4).dividedBy(5);
    }
  }

  /**
   * Alerts.
   *
   * @param expireAfter for how long an episode stays open that is not seen again
   * @param spoolLimit bytes that may wait on disk while the database is away; 0: none
   */
  public record Alerts(
      @NotNull @DurationMin(minutes = 1) @DefaultValue("485m") Duration expireAfter,
      @NotNull @DefaultValue("256MB") DataSize spoolLimit) {}

  /**
   * How long what is over is kept.
   *
   * @param runs from a run's end on
   * @param logs of agents, from the end of their run on
   * @param deliveries and episodes of alerts that are over
   */
  public record RetentionAges(
      @DefaultValue("30d") Duration runs,
      @DefaultValue("7d") Duration logs,
      @DefaultValue("30d") Duration deliveries) {
    public RetentionAges {
      for (Duration age : List.of(runs, logs, deliveries)) {
        if (age.isNegative() || age.isZero()) {
          throw new IllegalArgumentException("drover.retention.* must be longer than nothing");
        }
      }
    }
  }

  /**
   * Camel endpoints that {@code to} nodes may name.
   *
   * @param allowed patterns of URIs in which {@code *} stands for any text
   */
  public record Endpoints(@DefaultValue({"direct:*", "log:*"}) List<String> allowed) {}

  /**
   * What agents may use.
   *
   * @param mountRoots folders of this machine that inputs may name; empty: the working directory
   * @param maxConcurrent attempts at a time; 0: four a processor
   */
  public record AgentLimits(
      @DefaultValue List<Path> mountRoots, @Min(0) @DefaultValue("0") int maxConcurrent) {

    /** How many attempts run at a time. */
    int most() {
      return maxConcurrent == 0 ? 4 * Runtime.getRuntime().availableProcessors() : maxConcurrent;
    }
  }

  /**
   * Files that agents leave for later nodes.
   *
   * @param folder where they are kept; empty: {@code artifacts} in the data directory
   * @param endpoint a Camel endpoint that keeps them instead; empty: none
   * @param download the endpoint that gives them back, if that one can't
   * @param delete the endpoint that deletes them, if that one can't
   * @param limit bytes that one attempt may leave, whatever its agent's manifest says
   * @param timeout for getting an attempt's files, and for keeping them
   */
  public record ArtifactSettings(
      @DefaultValue("") String folder,
      @DefaultValue("") String endpoint,
      @DefaultValue("") String download,
      @DefaultValue("") String delete,
      @NotNull @DefaultValue("1GB") DataSize limit,
      @NotNull @DurationMin(seconds = 1) @DurationMax(minutes = 30) @DefaultValue("5m")
          Duration timeout) {
    public ArtifactSettings {
      if (limit.toBytes() < 1) {
        throw new IllegalArgumentException("drover.artifacts.limit must be at least 1B");
      }
    }
  }

  /**
   * The Dagger engine.
   *
   * @param engineEgress whether its containers can reach anything: Dagger can't cut them off
   */
  public record Dagger(@NotNull @DefaultValue("allowed") DaggerRuntime.Egress engineEgress) {}

  /** What Hawtio and Jolokia may do; the words are those of Boot's endpoints. */
  public enum HawtioAccess {
    /** There are none. */
    NONE,
    /** They show routes and their counts. */
    READ_ONLY,
    /** They stop and start routes, too. */
    UNRESTRICTED
  }

  /** Hawtio, at the port of metrics. */
  public record Hawtio(@NotNull @DefaultValue("read-only") HawtioAccess access) {}

  /** The folders of the server itself, which no agent is shown. */
  List<Path> ownFolders() {
    return artifacts.folder().isEmpty()
        ? List.of(dataDir)
        : List.of(dataDir, Path.of(artifacts.folder()));
  }

  /** Whether PostgreSQL is embedded. */
  boolean embedded() {
    return dbUrl.isEmpty();
  }

  /** Every project, {@code default} first. */
  List<ProjectName> allProjects() {
    List<ProjectName> all = new ArrayList<>();
    all.add(ProjectName.DEFAULT);
    projects.stream().map(ProjectName::new).filter(p -> !all.contains(p)).forEach(all::add);
    return all;
  }

  @Override
  public String toString() {
    return "Settings[port=" + port + ", bind=" + bind + ", dataDir=" + dataDir + "]";
  }
}
