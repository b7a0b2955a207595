package dev.drover.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.workflow.Trigger.Missed;
import dev.drover.workflow.Trigger.Schedule;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The times of schedules. */
class TimesTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Times times(String cron, String zone) {
    return new Times(new Schedule(cron, ZoneId.of(zone), Missed.ONCE));
  }

  private static List<String> after(Times times, String start, int count) {
    List<String> found = new ArrayList<>();
    Instant at = Instant.parse(start);
    for (int i = 0; i < count; i++) {
      at = times.next(at).orElseThrow();
      found.add(at.toString());
    }
    return found;
  }

  @Test
  void aTimeIsReadInItsZone() {
    assertThat(after(times("0 0 3 * * *", "Europe/Berlin"), "2026-01-10T00:00:00Z", 2))
        .containsExactly("2026-01-10T02:00:00Z", "2026-01-11T02:00:00Z");
    assertThat(after(times("0 0 3 * * *", "Asia/Kathmandu"), "2026-01-10T00:00:00Z", 1))
        .containsExactly("2026-01-10T21:15:00Z");
  }

  @Test
  void aTimeThatDoesNotExistIsLeftOutWhereClocksArePutForward() {
    assertThat(after(times("0 30 2 * * *", "Europe/Berlin"), "2026-03-27T12:00:00Z", 3))
        .containsExactly("2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z");
    assertThat(after(times("0 0 * * * *", "Europe/Berlin"), "2026-03-29T00:00:00Z", 3))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "2026-03-29T03:00:00Z");
  }

  @Test
  void aTimeThatOccursTwiceIsTakenTwiceWhereClocksArePutBack() {
    assertThat(after(times("0 30 2 * * *", "Europe/Berlin"), "2026-10-24T12:00:00Z", 3))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z");
    assertThat(after(times("0 0 3 * * *", "Europe/Berlin"), "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z");
  }

  @Test
  void aTimeThatNeverComesAgainIsNone() {
    assertThat(times("0 0 0 31 2 *", "UTC").next(Instant.EPOCH)).isEqualTo(Optional.empty());
  }

  @Test
  void theLastTimeIsFoundAsByCounting() {
    Random random = new Random(3);
    List<String> crons =
        List.of("0 30 2 * * *", "0 */10 * * * *", "0 0 1-3 * * 0", "*/7 0 2 * * *", "0 0 4 1 * *");
    for (String cron : crons) {
      Times times = times(cron, BERLIN.getId());
      for (int i = 0; i < 40; i++) {
        Instant from =
            Instant.parse("2026-03-01T00:00:00Z").plusSeconds(random.nextInt(26_000_000));
        Instant first = times.next(from).orElseThrow();
        Instant now = first.plusSeconds(random.nextInt(400_000)).plusMillis(random.nextInt(1_000));
        Instant last = first;
        int before = 0;
        for (Instant t = first; !t.isAfter(now); t = times.next(t).orElseThrow()) {
          before += last.equals(t) ? 0 : 1;
          last = t;
        }
        assertThat(times.last(first, now)).as(cron + " " + first + " " + now).isEqualTo(last);
        assertThat(times.count(first, last, 100_000)).isEqualTo(before);
      }
    }
  }

  @Test
  void yearsOfSecondsAreLookedThroughAtOnce() {
    Times times = times("* * * * * *", "UTC");
    Instant first = Instant.parse("2016-01-01T00:00:00Z");
    Instant now = Instant.parse("2026-01-01T00:00:00.5Z");
    assertThat(times.last(first, now)).isEqualTo("2026-01-01T00:00:00Z");
    assertThat(times.count(first, now, 100)).isEqualTo(100);
  }

  @Test
  void dataOfATimerIsReadAsItWasPrintedAndGarbageIsNot() throws Exception {
    Schedule schedule = new Schedule("0 0 3 * * *", BERLIN, Missed.SKIP);
    TimerData data = new TimerData(schedule, Instant.parse("2026-01-10T02:00:00Z"));
    assertThat(TimerData.read(data.print())).isEqualTo(data);
    List<String> garbage =
        List.of(
            "",
            "\u0000\uffff",
            "null",
            "[]",
            "{}",
            data.print().replace("0 0 3", "0 0 99"),
            data.print().replace("Berlin", "Nowhere"),
            data.print().replace("SKIP", "MAYBE"),
            data.print().replace("2026", "soon"));
    for (String text : garbage) {
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> TimerData.read(text))
          .as(text)
          .isInstanceOf(TimerData.Unreadable.class);
    }
  }

  @Test
  void namesOfTimersAreReadAsTheyWereWritten() {
    ScheduleId id = ScheduleId.parse("team-a/night-scan#12").orElseThrow();
    assertThat(id.number()).isEqualTo(12);
    assertThat(id).hasToString("team-a/night-scan#12");
    for (String odd :
        List.of("", "a", "a/b", "a/b#", "a/b#x", "A B/c#1", "a/b/c#1", "a/b#9999999")) {
      assertThat(ScheduleId.parse(odd)).as(odd).isEmpty();
    }
  }
}
