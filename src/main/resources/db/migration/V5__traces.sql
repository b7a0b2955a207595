-- Where runs are in traces: chosen when a run is opened, so that its trace goes on whoever carries
-- it. The spans of its nodes and attempts have ids that are computed from theirs.

-- What can't have the table soon must not keep others from it: the start fails, and can be repeated.
set local lock_timeout = '10s';

alter table run
  add column traceparent  text,
  add column trace_parent text,
  add column trace_link   text;

comment on column run.traceparent is
  'Its own span, as the W3C''s Trace Context writes it; null: it is not traced.';
comment on column run.trace_parent is
  'The span of the same trace beneath which it is; null: it is the first of its trace.';
comment on column run.trace_link is
  'What it has to do with in another trace: the delivery of a storm, the node that opened it as a '
  'sub-workflow, the run that it repeats.';
