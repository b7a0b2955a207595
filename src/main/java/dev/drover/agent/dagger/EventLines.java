package dev.drover.agent.dagger;

import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events from their lines. */
final class EventLines implements Flow.Subscriber<String> {
  private final Taker taker;
  private final StringBuilder data = new StringBuilder();
  private String id = "";
  private Flow.@Nullable Subscription subscription;

  /** Takes an event; its type does not matter, since only one kind has data. */
  @FunctionalInterface
  interface Taker {
    void event(String id, String data);
  }

  EventLines(Taker taker) {
    this.taker = taker;
  }

  @Override
  public void onSubscribe(Flow.Subscription offered) {
    subscription = offered;
    offered.request(1);
  }

  @Override
  public void onNext(String line) {
    if (line.isEmpty()) {
      if (!data.isEmpty()) {
        taker.event(id, data.toString());
      }
      data.setLength(0);
    } else if (line.startsWith("data:")) {
      data.append(data.isEmpty() ? "" : "\n").append(value(line, "data:"));
    } else if (line.startsWith("id:")) {
      id = value(line, "id:");
    }
    if (subscription != null) {
      subscription.request(1);
    }
  }

  private static String value(String line, String name) {
    String value = line.substring(name.length());
    return value.startsWith(" ") ? value.substring(1) : value;
  }

  @Override
  public void onError(Throwable fault) {
    data.setLength(0); // whoever sent the request hears of it
  }

  @Override
  public void onComplete() {
    data.setLength(0); // an event that is not whole does not count
  }
}
