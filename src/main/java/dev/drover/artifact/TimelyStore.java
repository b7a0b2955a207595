package dev.drover.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A store that answers in time, for those who have no deadline of their own: what is far away may
 * not answer at all.
 */
public final class TimelyStore implements ArtifactStore {
  private final ArtifactStore store;
  private final ExecutorService executor;
  private final Duration limit;

  /**
   * Gives each call so much time.
   *
   * @param executor where the store is called; nobody who is waited for here may run there
   */
  public TimelyStore(ArtifactStore store, ExecutorService executor, Duration limit) {
    this.store = store;
    this.executor = executor;
    this.limit = limit;
  }

  @Override
  public void put(Artifact artifact, Path content) throws IOException {
    within(
        () -> {
          store.put(artifact, content);
          return artifact;
        });
  }

  @Override
  public InputStream open(Artifact artifact) throws IOException {
    return within(() -> store.open(artifact));
  }

  @Override
  public void delete(Artifact artifact) throws IOException {
    within(
        () -> {
          store.delete(artifact);
          return artifact;
        });
  }

  private <T> T within(Callable<T> call) throws IOException {
    Future<T> answer = executor.submit(call);
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("the store did not answer within " + limit.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the store was asked");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IOException("the store failed: " + e.getCause(), e.getCause());
    } finally {
      answer.cancel(true);
    }
  }
}
