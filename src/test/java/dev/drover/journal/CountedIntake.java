package dev.drover.journal;

import dev.drover.alert.AlertOutcome;
import dev.drover.alert.IntakeListener;
import dev.drover.name.ProjectName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps what it hears as words. */
final class CountedIntake implements IntakeListener {
  final List<String> heard = new ArrayList<>();

  @Override
  public void alerts(ProjectName project, AlertOutcome outcome, int alerts) {
    heard.add(project + " " + outcome.word() + " " + alerts);
  }

  @Override
  public void resolved(ProjectName project, Duration fired) {
    heard.add(project + " fired for " + fired);
  }

  @Override
  public void answered(Optional<ProjectName> project, Answer answer) {
    heard.add(project + " " + answer);
  }

  @Override
  public void took(ProjectName project, Duration time) {
    heard.add(project + " took " + time);
  }
}
