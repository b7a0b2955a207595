package dev.drover.chaos;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The alerts that Alertmanager sends in one notification, and what it knows of them: a resolve is
 * told only of a firing that the receiver has acknowledged. Used by one thread.
 */
final class AlarmGroup {
  private static final int ALARMS = 5;

  private final String alertname;
  private final List<Alarm> alarms;

  AlarmGroup(String alertname, int number) {
    this.alertname = alertname;
    this.alarms =
        IntStream.range(0, ALARMS)
            .mapToObj(i -> new Alarm(alertname, "host-" + number + "-" + i, "rack-" + number))
            .toList();
  }

  String alertname() {
    return alertname;
  }

  /** One alarm begins to fire, or ends; often nothing happens, which makes a repetition. */
  void change(Random random) {
    Alarm alarm = alarms.get(random.nextInt(ALARMS));
    if (!alarm.fires()) {
      alarm.fire();
    } else if (random.nextBoolean()) {
      alarm.resolve();
    }
  }

  /** One alarm ends, if it is one that fires. */
  void resolveOne(Random random) {
    Alarm alarm = alarms.get(random.nextInt(ALARMS));
    if (alarm.fires()) {
      alarm.resolve();
    }
  }

  void resolveAll() {
    alarms.stream().filter(Alarm::fires).forEach(Alarm::resolve);
  }

  /** What a notification would tell now; empty: there is nothing to tell. */
  List<SentAlert> snapshot() {
    List<SentAlert> all = new ArrayList<>();
    alarms.forEach(alarm -> alarm.tell().ifPresent(all::add));
    return all;
  }

  /** The receiver has answered with 2xx. */
  void acknowledged(List<SentAlert> told) {
    for (SentAlert sent : told) {
      alarms.stream()
          .filter(alarm -> alarm.fingerprint.equals(sent.fingerprint()))
          .forEach(alarm -> alarm.acknowledged(sent));
    }
  }

  /** One alert: what it is, since when it fires, until when it did. */
  private static final class Alarm {
    private final String fingerprint;
    private final Map<String, String> labels;
    private Optional<Instant> since = Optional.empty();
    private Optional<Instant> until = Optional.empty();
    private boolean told;

    Alarm(String alertname, String host, String rack) {
      this.labels = Map.of("alertname", alertname, "host", host, "rack", rack);
      this.fingerprint = "%016x".formatted((alertname + host).hashCode() & 0xffffffffL);
    }

    boolean fires() {
      return since.isPresent() && until.isEmpty();
    }

    void fire() {
      // A resolve that could not be told yet is forgotten, as Alertmanager forgets it.
      told = told && until.isPresent();
      since = Optional.of(now());
      until = Optional.empty();
    }

    void resolve() {
      if (told) {
        until = Optional.of(now());
      } else {
        since = Optional.empty();
      }
    }

    Optional<SentAlert> tell() {
      return since.map(begin -> new SentAlert(fingerprint, labels, begin, until));
    }

    void acknowledged(SentAlert sent) {
      if (since.equals(Optional.of(sent.startsAt()))) {
        told = told || sent.fires();
        if (!sent.fires() && until.isPresent()) {
          since = Optional.empty();
          until = Optional.empty();
          told = false;
        }
      }
    }

    private static Instant now() {
      return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
  }
}
