package dev.drover.workflow;

import java.util.Optional;

/** What the language needs to know of the cron expressions that the scheduler takes. */
public interface CronRules {
  /** What is wrong with the expression, as words that go on after it; empty if it is good. */
  Optional<String> problem(String cron);
}
