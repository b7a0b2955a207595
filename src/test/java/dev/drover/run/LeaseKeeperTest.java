package dev.drover.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Each loss of the lease is counted once, however often it is looked at. */
class LeaseKeeperTest {
  private volatile boolean held = true;
  private final AtomicInteger renewals = new AtomicInteger();
  private final Queue<LeaseKeeper.Loss> told = new ConcurrentLinkedQueue<>();

  @Test
  void oneThatLapsesAndIsReplacedIsLostOnce() {
    try (LeaseKeeper keeper = new LeaseKeeper(new Fake(), at -> {}, told::add)) {
      keeper.start();
      assertThat(keeper.losses()).isZero();

      held = false;

      await()
          .atMost(Duration.ofSeconds(10))
          .pollInterval(Duration.ofMillis(20))
          .until(
              () ->
                  told.contains(LeaseKeeper.Loss.REPLACED)
                      && told.stream().filter(LeaseKeeper.Loss.LAPSED::equals).count() > 1);
      assertThat(keeper.losses()).isEqualTo(1);
    }
  }

  /** It can't be renewed at first, and is then found to be another's. */
  private final class Fake implements Lease {
    @Override
    public Renewal renew() {
      if (held) {
        return Renewal.EXTENDED;
      } else if (renewals.incrementAndGet() == 1) {
        throw new IllegalStateException("away");
      }
      held = true;
      return Renewal.REPLACED;
    }

    @Override
    public boolean isHeld() {
      return held;
    }

    @Override
    public void release() {}
  }
}
