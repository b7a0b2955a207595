create table server (
  id          uuid        not null constraint server_pk primary key,
  name        text        not null,
  started_at  timestamptz not null default now(),
  lease_until timestamptz not null
);
comment on table server is 'A living Drover. Its lease is the lease of every run that it owns.';
comment on column server.lease_until is
  'By the clock of the database. When it has passed, other servers take its runs up.';

alter table workflow add column paused boolean not null default false;
comment on column workflow.paused is 'Its new runs wait as QUEUED until it is resumed.';

alter table run
  add column wake_at              timestamptz,
  add column parent_run           uuid,
  add column parent_node          text,
  add column parent_item          text,
  add column depth                integer not null default 0,
  add column rerun_of             uuid,
  add column on_resolved          text constraint run_on_resolved_ck
    check (on_resolved in ('CONTINUE', 'CANCEL')),
  add column concurrency_key      text,
  add column concurrency_limit    integer,
  add column concurrency_overflow text constraint run_overflow_ck
    check (concurrency_overflow in ('QUEUE', 'DROP', 'REPLACE'));
comment on column run.wake_at is 'While WAITING: when it goes on by itself; null: only a signal wakes it.';
comment on column run.parent_run is 'The run whose node opened it as a sub-workflow.';
comment on column run.depth is 'How many parents it has, one above the other.';
comment on column run.rerun_of is 'The earlier run that it repeats.';
comment on column run.on_resolved is
  'What becomes of it when all alerts that it was opened for are over; null: no alert opened it.';
comment on column run.concurrency_key is
  'Runs of one workflow and key share concurrency_limit slots. A slot is held by a run that is
   RUNNING, WAITING, or QUEUED after it has started, and by nothing else: there is none to leak.';
drop index run_live;
create index run_queued on run (project, workflow, id)
  where state = 'QUEUED' and (concurrency_key is null or started_at is not null);
create index run_in_flight on run (owner) where state = 'RUNNING';
create index run_due on run (wake_at) where state = 'WAITING';
create index run_ended on run (ended_at) where ended_at is not null;
create index run_slots on run (project, workflow, concurrency_key)
  where concurrency_key is not null and ended_at is null;
create index run_keyed on run (project, workflow, concurrency_key)
  where concurrency_key is not null and state = 'QUEUED' and started_at is null;
create index run_live on run (project, workflow, version) where ended_at is null;
create index run_children on run (parent_run) where parent_run is not null;
create index run_reruns on run (rerun_of) where rerun_of is not null;

-- A node's row is only written together with a look at its run, and deleted with it: the lock of the
-- run that each check of the key takes is a third of what a node costs.
alter table node_run drop constraint node_run_run_fk;
alter table node_run
  add column item    text not null default '',
  add column wait    json,
  add column wake_at timestamptz,
  drop constraint node_run_pk,
  add constraint node_run_pk primary key (run, node_id, item);
comment on column node_run.item is
  'Empty: the node itself. A number: that item of its forEach. undo: the undoing of what it did.';
comment on column node_run.wait is 'While WAITING: what for.';
create index node_run_waiting on node_run (run) where state = 'WAITING';

alter table attempt
  add column item text not null default '',
  drop constraint attempt_pk,
  add constraint attempt_pk primary key (run, node_id, item, number);

alter table agent_log
  add column item text not null default '',
  drop constraint agent_log_pk,
  add constraint agent_log_pk primary key (run, node_id, item, attempt, line);

create table signal (
  id      bigint      not null generated always as identity constraint signal_pk primary key,
  run     uuid        not null constraint signal_run_fk references run on delete cascade,
  node_id text        not null default '',
  item    text        not null default '',
  kind    text        not null,
  data    json,
  at      timestamptz not null default now(),
  constraint signal_uq unique (run, node_id, item, kind)
);
comment on table signal is
  'What a run in flight or waiting is to be told, by whichever server carries it. Removed when heard.';
comment on column signal.node_id is 'Empty: for the run itself.';

create table run_episode (
  episode uuid not null,
  run     uuid not null constraint run_episode_run_fk references run on delete cascade,
  constraint run_episode_pk primary key (episode, run)
);
create index run_episode_by_run on run_episode (run);
comment on table run_episode is 'The alert episodes that a run was opened for.';

create table cooldown (
  project    text        not null,
  workflow   text        not null,
  source     text        not null,
  identity   text        not null,
  until      timestamptz not null,
  suppressed uuid[]      not null default '{}',
  constraint cooldown_pk primary key (project, workflow, source, identity)
);
create index cooldown_due on cooldown (until);
comment on table cooldown is
  'Until when an alert or a group opens no further run of a workflow. Written by who holds the
   lock of its alert_identity.';
comment on column cooldown.identity is 'An alert''s, or a group''s: group/ and a hash.';
comment on column cooldown.suppressed is
  'The episodes that came meanwhile: those that still fire open a run at the end.';

alter table alert_identity add column remembered json;
comment on column alert_identity.remembered is
  'The last episodes that nobody saw firing, and when their resolves were received: a firing that was
   received before, and is stored after, is theirs.';

create index alert_episode_open on alert_episode (last_seen_at) where state = 'OPEN';

create table quarantine (
  id      uuid        not null constraint quarantine_pk primary key,
  at      timestamptz not null default now(),
  project text,
  kind    text        not null,
  subject text        not null,
  reason  text        not null,
  raw     text
);
comment on table quarantine is 'What could not be read and was set aside, so that all else goes on.';
comment on column quarantine.kind is 'run, workflow, timer, signal, delivery';

create table audit (
  id      uuid        not null constraint audit_pk primary key,
  at      timestamptz not null default now(),
  project text        not null,
  who     text        not null,
  action  text        not null,
  subject text        not null,
  detail  json
);
create index audit_by_time on audit (project, id);
comment on table audit is 'What people did: decisions, cancels, re-runs, pauses.';

create table timer (
  task_name            text        not null,
  task_instance        text        not null,
  task_data            bytea,
  execution_time       timestamptz,
  picked               boolean     not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures integer,
  last_heartbeat       timestamptz,
  version              bigint      not null,
  priority             smallint,
  state                text,
  constraint timer_pk primary key (task_name, task_instance)
);
create index timer_by_time on timer (execution_time);
create index timer_by_heartbeat on timer (last_heartbeat);
create index timer_by_priority on timer (priority desc, execution_time);
comment on table timer is 'db-scheduler''s table: schedules of workflows, and the engine''s own housekeeping.';
