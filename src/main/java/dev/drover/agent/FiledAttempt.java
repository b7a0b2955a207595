package dev.drover.agent;

import dev.drover.agent.AgentManifest.Mount;
import dev.drover.agent.AttemptResult.Cancelled;
import dev.drover.agent.AttemptResult.Failed;
import dev.drover.agent.AttemptResult.Succeeded;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt that is given files or may leave some, in whatever runtime: they are brought here
 * before it starts, and kept before its result is told. Nobody waits for that but threads of an
 * executor for it.
 */
final class FiledAttempt implements RunningAttempt {
  private static final Logger LOG = LoggerFactory.getLogger(FiledAttempt.class);

  private final AttemptRequest request;
  private final AttemptFiles files;
  private final AgentRuntime runtime;
  private final AttemptFolders folders;
  private final Executor callbacks;
  private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
  private boolean over;
  private @Nullable RunningAttempt running;
  private Duration ran = Duration.ZERO;
  private @Nullable String excess;

  /**
   * @param callbacks where the result is told
   */
  FiledAttempt(
      AttemptRequest request,
      AttemptFiles files,
      AgentRuntime runtime,
      AttemptFolders folders,
      Executor callbacks) {
    this.callbacks = callbacks;
    this.request = request;
    this.files = files;
    this.runtime = runtime;
    this.folders = folders;
  }

  /** Whether an attempt has to do with files at all. */
  static boolean isNeeded(AttemptRequest request) {
    return request.manifest().artifacts().isPresent()
        || request.manifest().access().mounts().stream()
            .anyMatch(m -> FileNames.referenced(request.input().get(m.input())).isPresent());
  }

  RunningAttempt begin() {
    folders.enter(request.identity().share(), () -> folders.work(this::stage, this::late));
    return this;
  }

  @Override
  public CompletableFuture<AttemptResult> result() {
    return result;
  }

  @Override
  public void cancel(String reason) {
    RunningAttempt underWay = endUnlessRunning();
    if (underWay == null) {
      tell(new Cancelled(reason, runtime.name(), ran()));
    } else {
      underWay.cancel(reason);
    }
  }

  /** Either it is over before it runs, or it runs: never both. */
  private synchronized @Nullable RunningAttempt endUnlessRunning() {
    over = over || running == null;
    return running;
  }

  private void late() {
    String message =
        "its files could not be got or kept within " + folders.deadline().toSeconds() + " s";
    if (endUnlessRunning() == null) {
      tell(temporary(message));
    }
  }

  private void stage() {
    AttemptFolder folder = null;
    try {
      if (isOver()) {
        folders.leave();
        return;
      }
      folder = folders.make();
      Optional<OutFolder> out = out(folder);
      StagedFiles staged = new StagedFiles(out.map(OutFolder::root), fetch(folder));
      start(folder, out, staged);
    } catch (FilesRefused e) {
      end(folder, Failed.early(e.type(), e.reason(), runtime.name()));
    } catch (IOException e) {
      end(folder, temporary("its files could not be got: " + e));
    } catch (RuntimeException | Error e) {
      request
          .identity()
          .about(LOG.atError())
          .setCause(e)
          .log("An attempt's files could not be prepared");
      end(folder, Failed.early(FailureType.INTERNAL, e.toString(), runtime.name()));
    }
  }

  private Optional<OutFolder> out(AttemptFolder folder) throws IOException {
    AgentManifest.ArtifactLimits asked = request.manifest().artifacts().orElse(null);
    return asked == null ? Optional.empty() : Optional.of(folder.out(folders.bounded(asked)));
  }

  private Map<String, Path> fetch(AttemptFolder folder) throws FilesRefused, IOException {
    Map<String, Path> mounted = new LinkedHashMap<>();
    for (Mount mount : request.manifest().access().mounts()) {
      Optional<String> artifact = FileNames.referenced(request.input().get(mount.input()));
      if (artifact.isPresent()) {
        Path file = folder.next();
        files.fetch(artifact.get(), file);
        mounted.put(mount.input(), file);
      }
    }
    return mounted;
  }

  private void start(AttemptFolder folder, Optional<OutFolder> out, StagedFiles staged) {
    RunningAttempt started;
    synchronized (this) {
      if (isOver()) {
        started = null;
      } else {
        started = runtime.start(request.with(staged));
        running = started;
      }
    }
    if (started == null) {
      delete(folder);
      return;
    }
    out.ifPresent(o -> folders.watch(o, this::exceeded));
    var unused =
        started
            .result()
            .thenAccept(
                ended -> {
                  runsNoMore(ended.duration());
                  folders.work(() -> collect(folder, out, ended), this::late);
                })
            .exceptionally(
                stopping -> { // nobody takes work any more
                  result.complete(new Cancelled("" + stopping, runtime.name(), ran()));
                  delete(folder);
                  return null;
                });
  }

  private void exceeded(String what) {
    RunningAttempt underWay;
    synchronized (this) {
      excess = what;
      underWay = running;
    }
    if (underWay != null) {
      underWay.fail(FailureType.ARTIFACT_TOO_LARGE, what);
    }
  }

  /** Who cancels from now on need not wait until the files are kept. */
  private synchronized void runsNoMore(Duration duration) {
    running = null;
    ran = duration;
  }

  private void collect(AttemptFolder folder, Optional<OutFolder> out, AttemptResult ended) {
    out.ifPresent(folders::unwatch);
    AttemptResult kept = ended;
    try {
      if (ended instanceof Succeeded succeeded && out.isPresent() && !isOver()) {
        kept = keep(succeeded, folder, out.get());
      } else if (ended instanceof Cancelled && excess() != null) {
        kept = failed(ended, FailureType.ARTIFACT_TOO_LARGE, String.valueOf(excess()));
      }
    } catch (FilesRefused e) {
      kept = failed(ended, e.type(), e.reason());
    } catch (IOException e) {
      kept = temporary("its files could not be kept: " + e);
    } catch (RuntimeException | Error e) {
      request
          .identity()
          .about(LOG.atError())
          .setCause(e)
          .log("An attempt's files could not be kept");
      kept = failed(ended, FailureType.INTERNAL, e.toString());
    }
    end(folder, kept);
  }

  /** How long its process existed; zero before it ends. */
  private synchronized Duration ran() {
    return ran;
  }

  private synchronized @Nullable String excess() {
    return excess;
  }

  private AttemptResult keep(Succeeded succeeded, AttemptFolder folder, OutFolder out)
      throws FilesRefused, IOException {
    String tooMuch = out.excess().orElse(null);
    if (tooMuch != null) {
      throw new FilesRefused(FailureType.ARTIFACT_TOO_LARGE, tooMuch);
    }
    int most = request.manifest().artifacts().orElseThrow().files();
    NamedFiles named = new NamedFiles(file -> files.keep(out.copy(file, folder.next())), most);
    Object output = named.replaceIn(succeeded.output());
    return new Succeeded(output, succeeded.runtime(), succeeded.duration());
  }

  private static Failed failed(AttemptResult ended, FailureType type, String message) {
    return new Failed(type, message, false, OptionalInt.empty(), ended.runtime(), ended.duration());
  }

  private synchronized AttemptResult temporary(String message) {
    return new Failed(
        FailureType.TEMPORARY, message, true, OptionalInt.empty(), runtime.name(), ran);
  }

  private void end(@Nullable AttemptFolder folder, AttemptResult how) {
    if (folder != null) {
      folder.delete();
    }
    tell(how);
    folders.leave();
  }

  private void delete(AttemptFolder folder) {
    folder.delete();
    folders.leave();
  }

  /** The first result is told. */
  private void tell(AttemptResult how) {
    callbacks.execute(() -> result.complete(how));
  }

  private synchronized boolean isOver() {
    return over;
  }
}
