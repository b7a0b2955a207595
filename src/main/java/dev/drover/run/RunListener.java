package dev.drover.run;

/** Hears what happens to runs, after it is durable. Must be quick and can't veto anything. */
@FunctionalInterface
public interface RunListener {
  /** Something happened. */
  void on(RunEvent event);
}
