package dev.drover.schedule;

import java.time.Duration;

/**
 * A piece of housekeeping. Of all servers on a database one does it each time; after a crash, or by
 * a server that hung, it can be done twice at once, which it must bear. What it throws is logged,
 * and it is tried again.
 *
 * @param name unique, and the same on all servers: lower case letters and hyphens
 * @param every from one end to the next beginning; at least a second
 * @param work should stop soon when its thread is interrupted
 */
public record Job(String name, Duration every, Runnable work) {
  public Job {
    if (!name.matches("[a-z][a-z-]{0,62}")) {
      throw new IllegalArgumentException("not a job's name: " + name);
    }
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(name + " is to be done too often: every " + every);
    }
  }
}
