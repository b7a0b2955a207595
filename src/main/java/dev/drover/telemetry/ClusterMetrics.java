package dev.drover.telemetry;

import dev.drover.name.ProjectName;
import dev.drover.run.ClusterQueries.Amount;
import dev.drover.run.ClusterQueries.Engine;
import dev.drover.run.ClusterQueries.View;
import dev.drover.run.Journal.WorkflowKey;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/**
 * What is in the database, as gauges that all its servers publish alike. A view that is too old is
 * not shown any more: the gauges are {@code NaN} until there is another.
 */
public final class ClusterMetrics {
  static final Duration FRESH = Duration.ofSeconds(60);

  private static final List<String> STATES = List.of("queued", "running", "waiting");

  /** The journal's words, and those of the language. */
  private static final Map<String, String> KINDS =
      Map.of(
          "approval", "approval",
          "retry", "retry",
          "resolved", "resolved",
          "delay", "time",
          "child", "workflow");

  static final Metric RUNS =
      Metric.cluster(
          "drover.runs.current",
          null,
          "runs that are not over: `queued`, `running`, `waiting`",
          "project",
          "state");
  static final Metric RUNS_OLDEST =
      Metric.cluster(
          "drover.runs.oldest",
          "seconds",
          "the age of the oldest of them: of `queued` ones that have not begun yet since they were opened, of others since they first began; 0: none",
          "project",
          "state");
  static final Metric WAITS =
      Metric.cluster(
          "drover.waits.current",
          null,
          "nodes that wait, for an `approval`, a `retry`, their alerts being `resolved`, a `time`,"
              + " or a `workflow`",
          "project",
          "kind");
  static final Metric APPROVALS_OLDEST =
      Metric.cluster(
          "drover.approvals.oldest",
          "seconds",
          "for how long the oldest approval has waited; 0: none waits",
          "project");
  static final Metric UNOWNED =
      Metric.cluster(
          "drover.runs.unowned",
          null,
          "runs that are `running` and whose server has no live lease: more than 0 for seconds,"
              + " until another takes them up");
  static final Metric OVERDUE =
      Metric.cluster(
          "drover.runs.overdue",
          null,
          "runs whose timeout, or whose time to go on, was over a minute ago and that nobody has"
              + " ended or woken");
  static final Metric EPISODES =
      Metric.cluster("drover.episodes.current", null, "alerts that fire now", "project");
  static final Metric SPENT =
      Metric.cluster(
          "drover.budget.spent",
          null,
          "of workflows with a [budget per day](workflow-language.md#budget): what their attempts"
              + " that ended today (UTC) have cost",
          "project",
          "workflow");
  static final Metric LIMIT =
      Metric.cluster("drover.budget.limit", null, "that budget", "project", "workflow");
  static final Metric SERVERS = Metric.cluster("drover.servers", null, "servers with a live lease");
  static final Metric TIMERS_DUE =
      Metric.cluster(
          "drover.timers.due", null, "timers whose time has come and that nobody has taken");
  static final Metric TIMERS_LAG =
      Metric.cluster(
          "drover.timers.lag", "seconds", "how late the first of them is; 0: there is none");
  static final Metric AGE =
      Metric.gauge(
          "drover.cluster.read.age",
          "seconds",
          "for how long this server has not been able to read the gauges of the cluster; they are"
              + " `NaN` from 60 s on, and until they were read for the first time");

  private final LongSupplier nanos;
  private final long started;
  private final Meters meters;
  private final Map<Metric, Meters.Rows> rows = new HashMap<>();
  private volatile long seen;
  private volatile boolean any;
  private volatile Engine engine = new Engine(0, 0, 0, 0, Duration.ZERO);

  /**
   * Makes its meters there.
   *
   * @param nanos as {@link System#nanoTime}
   */
  public ClusterMetrics(Meters meters, LongSupplier nanos) {
    this.meters = meters;
    this.nanos = nanos;
    this.started = nanos.getAsLong();
    this.seen = started;
    List.of(RUNS, RUNS_OLDEST, WAITS, APPROVALS_OLDEST, EPISODES, SPENT, LIMIT)
        .forEach(metric -> rows.put(metric, meters.rows(metric)));
    engine(SERVERS, Engine::servers);
    engine(UNOWNED, Engine::unowned);
    engine(OVERDUE, Engine::overdue);
    engine(TIMERS_DUE, Engine::timersDue);
    engine(TIMERS_LAG, e -> seconds(e.timersLag()));
    meters.gauge(AGE, () -> (nanos.getAsLong() - seen) / 1e9);
  }

  private void engine(Metric metric, ToDoubleFunction<Engine> value) {
    meters.gauge(metric, () -> isFresh() ? value.applyAsDouble(engine) : Double.NaN);
  }

  private boolean isFresh() {
    return any && nanos.getAsLong() - seen < FRESH.toNanos();
  }

  /**
   * Shows what was seen just now.
   *
   * @param projects that are there, whether anything of them was seen or not
   * @param budgets per day, of the workflows that are in force
   */
  public void show(
      View view, Collection<ProjectName> projects, Map<WorkflowKey, BigDecimal> budgets) {
    Shown runs = new Shown();
    Shown oldest = new Shown();
    Shown waits = new Shown();
    Shown approvals = new Shown();
    Shown episodes = new Shown();
    for (String project : names(view, projects)) {
      STATES.forEach(state -> runs.put(0, project, state));
      STATES.forEach(state -> oldest.put(0, project, state));
      KINDS.values().forEach(kind -> waits.put(0, project, kind));
      approvals.put(0, project);
      episodes.put(0, project);
    }
    for (Amount some : view.runs()) {
      runs.put((double) some.count(), some.project().value(), some.kind());
      oldest.put(seconds(some.oldest()), some.project().value(), some.kind());
    }
    for (Amount some : view.waits()) {
      String kind = KINDS.getOrDefault(some.kind(), Labels.OTHER);
      waits.put((double) some.count(), some.project().value(), kind);
      if (kind.equals("approval")) {
        approvals.put(seconds(some.oldest()), some.project().value());
      }
    }
    view.episodes().forEach((project, n) -> episodes.put(n, project.value()));
    publish(RUNS, runs);
    publish(RUNS_OLDEST, oldest);
    publish(WAITS, waits);
    publish(APPROVALS_OLDEST, approvals);
    publish(EPISODES, episodes);
    budgets(view, budgets);
    engine = view.engine();
    seen = nanos.getAsLong();
    any = true;
  }

  private void budgets(View view, Map<WorkflowKey, BigDecimal> budgets) {
    Shown spent = new Shown();
    Shown limits = new Shown();
    budgets.forEach(
        (workflow, limit) -> {
          String project = workflow.project().value();
          String name = meters.labels().workflow(workflow);
          if (name.equals(Labels.OTHER)) {
            return; // several in one row would tell the budget of one and what another spent
          }
          BigDecimal cost = view.spent().getOrDefault(workflow, BigDecimal.ZERO);
          spent.put(cost.doubleValue(), project, name);
          limits.put(limit.doubleValue(), project, name);
        });
    publish(SPENT, spent);
    publish(LIMIT, limits);
  }

  private static Set<String> names(View view, Collection<ProjectName> projects) {
    Set<String> names = new TreeSet<>();
    projects.forEach(project -> names.add(project.value()));
    view.runs().forEach(some -> names.add(some.project().value()));
    view.episodes().keySet().forEach(project -> names.add(project.value()));
    return names;
  }

  private void publish(Metric metric, Shown shown) {
    Map<List<String>, DoubleSupplier> live = new HashMap<>();
    shown.values.forEach((labels, value) -> live.put(labels, () -> isFresh() ? value : Double.NaN));
    Meters.Rows all = rows.get(metric);
    if (all != null) {
      all.set(live);
    }
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }

  /** The rows of a gauge by the values of their labels. */
  private static final class Shown {
    private final Map<List<String>, Double> values = new HashMap<>();

    void put(double value, String... labels) {
      values.put(List.of(labels), value);
    }
  }
}
