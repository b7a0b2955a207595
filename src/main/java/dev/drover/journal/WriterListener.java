package dev.drover.journal;

import java.time.Duration;

/** Hears how the journal's writer gets on. Must be quick. */
public interface WriterListener {
  /** Hears nothing. */
  WriterListener NONE =
      new WriterListener() {
        @Override
        public void committed(int entries, Duration took) {}

        @Override
        public void durable(Duration waited) {}

        @Override
        public void failed() {}
      };

  /** A transaction with so many entries is durable. */
  void committed(int entries, Duration took);

  /** An entry is durable, so long after it was handed in. */
  void durable(Duration waited);

  /** A transaction failed, or what became of it is not known. */
  void failed();
}
