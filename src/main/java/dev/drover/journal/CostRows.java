package dev.drover.journal;

import dev.drover.name.WorkflowName;
import dev.drover.run.CostQueries;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads what agents have cost, from the sums of the days. */
public final class CostRows implements CostQueries {
  private static final String WANTED =
      """
      from daily_cost
      where project = :project and day between :from and :to
        and (:workflow::text is null or workflow = :workflow)
      """;

  private static final String SUMS =
      "sum(attempts) as attempts, sum(execution_ms) as execution_ms, sum(cost) as cost";

  private final JdbcClient jdbc;
  private final Clock clock;

  /** {@code clock} goes with the database's. */
  public CostRows(DataSource database, Clock clock) {
    this.jdbc = JdbcClient.create(database);
    this.clock = clock;
  }

  @Override
  public LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  @Override
  public CostView total(Filter filter) {
    return query("select '' as key, %s\n%s".formatted(SUMS, WANTED), filter).get(0);
  }

  @Override
  public List<CostView> by(Side side, Filter filter, int limit, Optional<String> after) {
    String sql =
        switch (side) {
          case WORKFLOW -> by("workflow", "(:after::text is null or workflow > :after)", "");
          case AGENT -> by("agent", "(:after::text is null or agent > :after)", "");
          case DAY -> by("day", "(:after::date is null or day < :after::date)", "desc");
        };
    return query(jdbc.sql(sql).param("after", after.orElse(null)).param("limit", limit), filter);
  }

  private static String by(String column, String after, String order) {
    return """
    select %1$s::text as key, %2$s
    %3$s
      and %4$s
    group by %1$s
    order by %1$s %5$s
    limit :limit
    """
        .formatted(column, SUMS, WANTED, after, order);
  }

  private List<CostView> query(String sql, Filter filter) {
    return query(jdbc.sql(sql), filter);
  }

  private static List<CostView> query(JdbcClient.StatementSpec statement, Filter filter) {
    return statement
        .param("project", filter.project().value())
        .param("workflow", filter.workflow().map(WorkflowName::value).orElse(null))
        .param("from", filter.from())
        .param("to", filter.to())
        .query(
            (row, n) ->
                new CostView(row.getString("key"), row.getLong("attempts"), RunRows.usage(row)))
        .list();
  }
}
