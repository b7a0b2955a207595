package dev.drover.api;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gives something back once: when it is run, or else when its asynchronous request is over. */
final class Release implements AsyncListener, Runnable {
  private final Runnable giveBack;
  private final AtomicBoolean given = new AtomicBoolean();

  Release(Runnable giveBack) {
    this.giveBack = giveBack;
  }

  @Override
  public void run() {
    if (given.compareAndSet(false, true)) {
      giveBack.run();
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    run();
  }

  @Override
  public void onTimeout(AsyncEvent event) {
    run();
  }

  @Override
  public void onError(AsyncEvent event) {
    run();
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    event.getAsyncContext().addListener(this);
  }
}
