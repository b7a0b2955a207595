-- Money is numeric without a scale: sums are exact. It has no unit; it is the operator's currency.
-- The terms of an attempt are kept from its start on: its end may be found by another server.
alter table attempt
  add column agent         text,
  add column per_minute    numeric,
  add column per_attempt   numeric,
  add column time_limit_ms bigint,
  add column execution_ms  bigint,
  add column cost          numeric;
comment on column attempt.agent is 'Null: no agent ran, but an endpoint was called.';
comment on column attempt.per_minute is 'What a minute of it costs, as the agent''s manifest said when it began.';
comment on column attempt.time_limit_ms is 'The longest that its process can have existed.';
comment on column attempt.execution_ms is
  'For how long its process existed; of one that was cut off, at the most. Null: it has not ended.';

-- No key leads to the run: checking it would lock the run's row at each attempt. Goes with the run.
create table run_cost (
  run          uuid    not null constraint run_cost_pk primary key,
  attempts     bigint  not null,
  execution_ms bigint  not null,
  cost         numeric not null
);
comment on table run_cost is
  'The sums of a run''s attempts of agents that have ended, written with the end of each.';

create table daily_cost (
  project      text    not null,
  day          date    not null,
  workflow     text    not null,
  agent        text    not null,
  server       uuid    not null,
  attempts     bigint  not null,
  execution_ms bigint  not null,
  cost         numeric not null,
  constraint daily_cost_pk primary key (project, day, workflow, agent, server)
);
create index daily_cost_by_day on daily_cost (day);
comment on table daily_cost is
  'The sums of the attempts of agents that ended on a day (UTC), written with the end of each. They
   outlive the runs.';
comment on column daily_cost.server is
  'Who wrote it: each server has rows of its own, so that they do not wait for one another. Zero: take-overs.';
