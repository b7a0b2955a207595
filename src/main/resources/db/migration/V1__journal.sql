-- Payloads are json, not jsonb: they are kept exactly as they came (jsonb refuses \u0000) and are
-- never searched inside.

create table project (
  name       text        not null constraint project_pk primary key,
  created_at timestamptz not null default now()
);
comment on table project is 'The tenant that everything below belongs to.';
insert into project (name) values ('default');

create table workflow (
  project         text    not null constraint workflow_project_fk references project,
  name            text    not null,
  current_version integer not null,
  source          text    not null,
  retired         boolean not null default false,
  constraint workflow_pk primary key (project, name)
);
comment on table workflow is 'A workflow and which of its versions new runs get.';
comment on column workflow.source is '"api", or the name of the file that it was loaded from.';
comment on column workflow.retired is 'Its file is gone: it opens no more runs.';

create table workflow_version (
  project    text        not null,
  workflow   text        not null,
  version    integer     not null,
  content    text        not null,
  hash       text        not null,
  created_at timestamptz not null default now(),
  constraint workflow_version_pk primary key (project, workflow, version)
);
comment on table workflow_version is 'Immutable: what a workflow was. Runs are pinned to a version.';
comment on column workflow_version.hash is 'SHA-256 of the content, hex.';

create table delivery (
  id          uuid        not null constraint delivery_pk primary key,
  project     text        not null constraint delivery_project_fk references project,
  source      text        not null,
  receiver    text        not null,
  received_at timestamptz not null default now(),
  alerts      integer     not null,
  outcomes    json        not null,
  unreadable  json,
  refused     json,
  body        text
);
create index delivery_by_time on delivery (project, id);
create index delivery_unreadable on delivery (project, id) where unreadable is not null;
comment on table delivery is 'A webhook body that was accepted.';
comment on column delivery.outcomes is 'How many alerts had which outcome.';
comment on column delivery.unreadable is 'The raw text of each alert that could not be read, and why.';
comment on column delivery.refused is 'The workflows that wanted its alerts and could not be opened, and why.';
comment on column delivery.body is 'The body as received; null where it brought nothing new.';

create table alert_identity (
  project        text        not null constraint alert_identity_project_fk references project,
  source         text        not null,
  identity       text        not null,
  open_episode   uuid,
  open_starts_at timestamptz,
  last_ends_at   timestamptz,
  constraint alert_identity_pk primary key (project, source, identity)
);
comment on table alert_identity is
  'One row per alert ever seen: the lock that makes an alert''s deliveries take turns.';
comment on column alert_identity.open_starts_at is
  'When its open episode began; a resolve that ended before is of an earlier one.';
comment on column alert_identity.last_ends_at is
  'When its last episode ended; a firing that began earlier is stale.';

create table alert_episode (
  id            uuid        not null constraint alert_episode_pk primary key,
  project       text        not null,
  source        text        not null,
  identity      text        not null,
  state         text        not null constraint alert_episode_state_ck
    check (state in ('OPEN', 'RESOLVED', 'EXPIRED')),
  labels        json        not null,
  annotations   json        not null,
  generator_url text,
  receiver      text        not null,
  starts_at     timestamptz not null,
  ends_at       timestamptz,
  opened_at     timestamptz not null default now(),
  last_seen_at  timestamptz not null default now(),
  firings       integer     not null default 0,
  matched       boolean     not null default false,
  delivery      uuid        not null,
  constraint alert_episode_identity_fk foreign key (project, source, identity)
    references alert_identity
);
create unique index alert_episode_one_open on alert_episode (project, source, identity)
  where state = 'OPEN';
create index alert_episode_by_time on alert_episode (project, id);
create index alert_episode_by_state on alert_episode (project, state, id);
create index alert_episode_unmatched on alert_episode (project, delivery)
  where not matched and firings > 0;
comment on table alert_episode is 'One continuous firing of one alert identity.';
comment on column alert_episode.firings is 'Deliveries in which it fired; 0: only its resolve was seen.';
comment on column alert_episode.matched is 'Whether any workflow wanted it when it opened.';

create table run (
  id         uuid        not null constraint run_pk primary key,
  project    text        not null,
  workflow   text        not null,
  version    integer     not null,
  dedupe_key text        not null,
  state      text        not null constraint run_state_ck check (state in
    ('QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT')),
  reason     text        not null,
  owner      uuid,
  epoch      integer     not null default 0,
  trigger    json        not null,
  inputs     json        not null,
  outputs    json,
  error      json,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at   timestamptz,
  constraint run_version_fk foreign key (project, workflow, version) references workflow_version,
  constraint run_dedupe_uq unique (project, dedupe_key)
);
create index run_live on run (state, id) where state in ('QUEUED', 'RUNNING', 'WAITING');
create index run_by_time on run (project, id);
create index run_by_workflow on run (project, workflow, id);
comment on table run is 'One execution of a workflow version.';
comment on column run.dedupe_key is 'Two requests of one key open one run.';
comment on column run.epoch is 'Raised at each take-over: writes of an older epoch are refused.';
comment on column run.owner is 'The server instance that carries it forward.';
comment on column run.reason is 'Why it is in this state, in words a person can act on.';

create table node_run (
  run        uuid        not null constraint node_run_run_fk references run on delete cascade,
  node_id    text        not null,
  state      text        not null constraint node_run_state_ck check (state in
    ('PENDING', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'SKIPPED', 'UPSTREAM_FAILED', 'CANCELLED')),
  attempts   integer     not null default 0,
  output     json,
  error      json,
  reason     text,
  started_at timestamptz,
  ended_at   timestamptz,
  constraint node_run_pk primary key (run, node_id)
);
comment on table node_run is 'One node of a run, under the id that its author wrote.';

create table attempt (
  run         uuid        not null,
  node_id     text        not null,
  number      integer     not null,
  runtime     text        not null,
  state       text        not null constraint attempt_state_ck check (state in
    ('RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  exit_code   integer,
  error       json,
  started_at  timestamptz not null,
  ended_at    timestamptz,
  constraint attempt_pk primary key (run, node_id, number),
  constraint attempt_run_fk foreign key (run) references run on delete cascade
);
comment on table attempt is 'One try of a node run.';

create table agent_log (
  run     uuid        not null constraint agent_log_run_fk references run on delete cascade,
  node_id text        not null,
  attempt integer     not null,
  line    integer     not null,
  at      timestamptz not null,
  text    text        not null,
  constraint agent_log_pk primary key (run, node_id, attempt, line)
);
comment on table agent_log is 'What an attempt wrote to stderr, a row a line, NUL as U+2400.';
