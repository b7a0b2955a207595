package dev.drover.api;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gives something back once, when an asynchronous request is over, however it ends. */
final class Release implements AsyncListener {
  private final Runnable giveBack;
  private final AtomicBoolean given = new AtomicBoolean();

  Release(Runnable giveBack) {
    this.giveBack = giveBack;
  }

  private void once() {
    if (given.compareAndSet(false, true)) {
      giveBack.run();
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    once();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    once();
  }

  @Override
  public void onError(AsyncEvent event) {
    once();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }
}
