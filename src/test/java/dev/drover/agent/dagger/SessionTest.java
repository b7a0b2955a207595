package dev.drover.agent.dagger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agent.dagger.SessionProcess.Connection;
import java.net.http.HttpClient;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SessionTest {
  private final Session session =
      new Session(HttpClient.newHttpClient(), new Connection(1, "token"), Optional.empty());

  @Test
  void whatFailsBeforeItBeginsIsLookedForAgainTheNextTime() {
    IllegalStateException fault = new IllegalStateException("the folder cannot be read");

    CompletableFuture<String> first =
        session.once(
            "key",
            () -> {
              throw fault;
            });

    assertThat(first).isCompletedExceptionally();
    assertThat(session.once("key", () -> CompletableFuture.completedFuture("found")))
        .isCompletedWithValue("found");
  }

  @Test
  void whatIsFoundIsLookedForOnce() {
    session.once("key", () -> CompletableFuture.completedFuture("first")).join();

    assertThat(session.once("key", () -> CompletableFuture.completedFuture("second")))
        .isCompletedWithValue("first");
  }
}
