package dev.drover.run;

import java.util.Optional;

/** Says where runs that are opened now are to be in traces. */
public interface Tracing {
  /** Nothing is traced. */
  Tracing OFF =
      new Tracing() {
        @Override
        public Optional<TraceParent> current() {
          return Optional.empty();
        }

        @Override
        public Optional<RunTrace> own(RunId run, Optional<TraceParent> link) {
          return Optional.empty();
        }
      };

  /** The place of what this thread does now, if it is traced. */
  Optional<TraceParent> current();

  /** A trace of its own for a run, if anything is traced. */
  Optional<RunTrace> own(RunId run, Optional<TraceParent> link);

  /** Beneath what this thread does now; in a trace of its own if that is not traced. */
  default Optional<RunTrace> here(RunId run) {
    return current()
        .map(parent -> RunTrace.under(parent, run))
        .or(() -> own(run, Optional.empty()));
  }
}
