create table artifact (
  id         uuid        not null constraint artifact_pk primary key,
  project    text        not null constraint artifact_project_fk references project,
  run        uuid        not null,
  node_id    text        not null,
  item       text        not null,
  attempt    integer     not null,
  name       text        not null,
  media_type text        not null,
  size       bigint      not null constraint artifact_size_ck check (size >= 0),
  sha256     text        not null,
  created_at timestamptz not null
);
create index artifact_by_run on artifact (run, id);
comment on table artifact is
  'A file that an attempt has left, noted before its content is stored, and removed after that is
   deleted: no key ties it to its run, which goes first.';
comment on column artifact.attempt is
  'Only those of the attempt that gave the node''s output are ever referred to.';
comment on column artifact.name is 'What the agent called it. No place where it is kept.';

create table artifact_kept (
  run      uuid not null constraint artifact_kept_run_fk references run on delete cascade,
  artifact uuid not null,
  constraint artifact_kept_pk primary key (run, artifact)
);
create index artifact_kept_by_artifact on artifact_kept (artifact);
comment on table artifact_kept is
  'The artifacts of an earlier run that outputs refer to which a run has kept from it: they stay as
   long as any such run.';
