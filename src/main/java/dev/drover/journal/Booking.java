package dev.drover.journal;

/**
 * Books what attempts have used: in the statement that ends them, so that none is counted twice and
 * none is left out.
 */
final class Booking {
  /**
   * Follows a common table {@code ended} of attempts that were RUNNING until now. It is the only
   * statement that adds to the sums. It takes whose rows of the day it adds to as a parameter.
   */
  static final String BOOK =
      """
      , of_run as (
        insert into run_cost as c (run, attempts, execution_ms, cost)
        select run, count(*), sum(execution_ms), sum(cost)
        from ended
        where agent is not null
        group by run
        order by run
        on conflict on constraint run_cost_pk do update
          set attempts = c.attempts + excluded.attempts,
              execution_ms = c.execution_ms + excluded.execution_ms,
              cost = c.cost + excluded.cost
      ), of_day as (
        insert into daily_cost as c
               (project, day, workflow, agent, server, attempts, execution_ms, cost)
        select project, (ended_at at time zone 'UTC')::date, workflow, agent, ?::uuid, count(*),
               sum(execution_ms), sum(cost)
        from ended
        where agent is not null
        group by 1, 2, 3, 4
        order by 1, 2, 3, 4
        on conflict on constraint daily_cost_pk do update
          set attempts = c.attempts + excluded.attempts,
              execution_ms = c.execution_ms + excluded.execution_ms,
              cost = c.cost + excluded.cost
      )
      """;

  /** Ends a statement that need not tell of the attempts. */
  static final String SILENTLY = "select from ended limit 0";

  private static final String TELL =
      """
      select run, project, workflow, version, traceparent, trace_parent, trace_link, node_id, item,
             number, agent, runtime, state, execution_ms, cost, started_at, ended_at
      from ended
      """;

  /**
   * Ends attempts that nobody saw the end of: they have lasted until now, but not for longer than
   * they may. The cost is as {@code AgentCost} has it for others.
   */
  private static final String CUT_OFF =
      """
      with cut as (
      select a.run, a.node_id, a.item, a.number, r.project, r.workflow, r.version,
             r.traceparent, r.trace_parent, r.trace_link, t.ms,
             a.per_attempt + round(a.per_minute * t.ms / 60000, 9) as cost
      from attempt a
      join run r on r.id = a.run
      cross join lateral (
        select case when a.agent is not null then
                 least(a.time_limit_ms,
                       greatest(0, round(extract(epoch from now() - a.started_at) * 1000)))::bigint
               end as ms) t
      where a.state = 'RUNNING' and %s
      ), ended as (
        update attempt a
        set state = %s, error = %s, ended_at = now(), execution_ms = c.ms, cost = c.cost
        from cut c
        where a.run = c.run and a.node_id = c.node_id and a.item = c.item and a.number = c.number
          and a.state = 'RUNNING'
        returning a.run, c.project, c.workflow, c.version, c.traceparent, c.trace_parent,
                  c.trace_link, a.node_id, a.item, a.number, a.agent,
                  a.runtime, a.state, a.execution_ms, a.cost, a.started_at, a.ended_at
      )
      """
          + BOOK
          + TELL;

  private Booking() {}

  /**
   * The statement that cuts attempts off, and books them.
   *
   * @param which SQL: a condition on the attempt {@code a} and its run {@code r}
   * @param state SQL: how they end
   * @param error SQL: why
   */
  static String cutOff(String which, String state, String error) {
    return CUT_OFF.formatted(which, state, error);
  }
}
