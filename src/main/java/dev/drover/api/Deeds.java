package dev.drover.api;

import dev.drover.run.Interventions;
import dev.drover.run.Interventions.Result;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunId;
import dev.drover.run.RunState;

/** What follows when a person has done something to a run. */
record Deeds(Interventions interventions, RunDispatcher dispatcher) {
  /**
   * What was done; this server hears of it at once, the others within half a second.
   *
   * @throws ApiProblem 404 if there is no such run, 409 if it can't be done as things are
   */
  Result.Done done(RunId run, Result result) {
    if (result instanceof Result.Refused refused) {
      throw ApiProblem.conflict(refused.why(), refused.more());
    } else if (!(result instanceof Result.Done)) {
      throw ApiProblem.notFound("there is no run " + run);
    }
    Result.Done done = (Result.Done) result;
    if (done.state() == RunState.QUEUED) {
      dispatcher.wake();
    } else if (done.state() == RunState.RUNNING) {
      dispatcher.listen();
    } else if (done.state() == RunState.CANCELLED) {
      dispatcher.dropped(done.run());
    }
    return done;
  }
}
