package dev.drover.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a collector takes nothing: once, and once a minute as long as that is so. The SDK would
 * say so at every try, with a stack trace.
 */
final class ExportWarnings {
  private static final Logger LOG = LoggerFactory.getLogger(ExportWarnings.class);
  private static final long BETWEEN = TimeUnit.MINUTES.toNanos(1);

  private final String what;
  private final LongSupplier nanoTime;
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong next;

  ExportWarnings(String what, LongSupplier nanoTime) {
    this.what = what;
    this.nanoTime = nanoTime;
    this.next = new AtomicLong(nanoTime.getAsLong());
  }

  /** Looks at what becomes of an export of so many. */
  CompletableResultCode watch(CompletableResultCode result, int size) {
    return result.whenComplete(
        () -> {
          if (!result.isSuccess()) {
            lost.addAndGet(size);
            warn(result.getFailureThrowable());
          }
        });
  }

  private void warn(@Nullable Throwable cause) {
    long now = nanoTime.getAsLong();
    long due = next.get();
    if (now - due < 0 || !next.compareAndSet(due, now + BETWEEN)) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("what", what)
        .addKeyValue("lost", lost.getAndSet(0))
        .addKeyValue("reason", cause == null ? "refused" : cause.toString())
        .log("The collector of OpenTelemetry takes nothing; said once a minute");
  }
}
