package dev.drover.workflow;

import dev.drover.workflow.Trigger.Missed;
import dev.drover.yaml.Suggestion;
import dev.drover.yaml.YamlValue.YamlScalar;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Reads the times at which runs are opened. */
final class ScheduleReader {
  private static final ZoneId UTC = ZoneId.of("UTC");

  private final Problems problems;
  private final CronRules crons;
  private final Inputs inputs;

  ScheduleReader(Problems problems, CronRules crons, Inputs inputs) {
    this.problems = problems;
    this.crons = crons;
    this.inputs = inputs;
  }

  Optional<Trigger> read(DocumentMap schedule) {
    checkInputs(schedule);
    Optional<String> cron = schedule.text("cron").flatMap(text -> cron(text, schedule));
    ZoneId zone = schedule.text("zone").flatMap(text -> zone(text, schedule)).orElse(UTC);
    Missed missed = schedule.word("missed", Missed.class).orElse(Missed.ONCE);
    return cron.map(text -> new Trigger.Schedule(text, zone, missed));
  }

  /** Nobody would be there to be told, time after time, that the run could not be opened. */
  private void checkInputs(DocumentMap schedule) {
    List<String> missing = inputs.withoutDefault();
    if (!missing.isEmpty()) {
      problems.report(
          schedule.position(),
          schedule.path(),
          "a schedule gives no inputs, but there is no default for " + Quote.list(missing),
          "give each input a default");
    }
  }

  private Optional<String> cron(YamlScalar text, DocumentMap schedule) {
    Optional<String> problem = crons.problem(text.raw());
    problem.ifPresent(
        why ->
            problems.report(
                text.position(),
                schedule.path("cron"),
                "bad cron expression %s: %s".formatted(Quote.of(text.raw()), Quote.cut(why)),
                "six fields: second, minute, hour, day of the month, month, day of the week"));
    return problem.isPresent() ? Optional.empty() : Optional.of(text.raw());
  }

  private Optional<ZoneId> zone(YamlScalar text, DocumentMap schedule) {
    try {
      return Optional.of(ZoneId.of(text.raw()));
    } catch (DateTimeException e) {
      problems.reportWith(
          text.position(),
          schedule.path("zone"),
          "unknown time zone " + Quote.of(text.raw()),
          () ->
              Suggestion.didYouMean(
                      text.raw(), ZoneId.getAvailableZoneIds().stream().sorted().toList())
                  .or(() -> Optional.of("a name such as Europe/Berlin, or UTC")));
      return Optional.empty();
    }
  }
}
