package dev.drover.run;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Continues after a future without losing an exception: one thrown by the continuation itself goes
 * to a handler of its own, instead of into a future at which nobody looks.
 */
public final class Async {
  private Async() {}

  /** Calls {@code next} with the value or the failure, and {@code onBug} with what that throws. */
  public static <T> void whenDone(
      CompletableFuture<T> future,
      BiConsumer<@Nullable T, @Nullable Throwable> next,
      Consumer<Throwable> onBug) {
    CompletableFuture<T> unused =
        future.whenComplete(
            (value, thrown) -> {
              try {
                next.accept(value, unwrap(thrown));
              } catch (RuntimeException | Error e) {
                onBug.accept(e);
              }
            });
  }

  private static @Nullable Throwable unwrap(@Nullable Throwable thrown) {
    return thrown instanceof CompletionException && thrown.getCause() != null
        ? thrown.getCause()
        : thrown;
  }
}
