package dev.drover.api;

import dev.drover.artifact.Artifact;
import dev.drover.artifact.Artifacts;
import dev.drover.run.RunId;
import dev.drover.run.RunQueries;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that nodes have left. What is in them comes from agents, and is trusted by nobody. */
final class ArtifactsApi {
  private static final Logger LOG = LoggerFactory.getLogger(ArtifactsApi.class);
  private static final String BINARY = "application/octet-stream";

  /** Types in which nothing can be active, whoever looks at them. */
  private static final Set<String> HARMLESS =
      Set.of("application/json", "application/sarif+json", "text/csv", "text/plain");

  /** Each holds a thread for as long as its receiver takes; alerts must find some free. */
  private static final int DOWNLOADS = 16;

  private final RunQueries runs;
  private final Artifacts artifacts;
  private final Semaphore downloads = new Semaphore(DOWNLOADS);

  ArtifactsApi(RunQueries runs, Artifacts artifacts) {
    this.runs = runs;
    this.artifacts = artifacts;
  }

  /** {@code GET /api/runs/{id}/artifacts}: a page, oldest first. */
  Answer list(Request request) {
    RunId run = Names.run(request.path("id"));
    if (runs.find(request.project(), run).isEmpty()) {
      throw ApiProblem.notFound("there is no run " + run + " in project " + request.project());
    }
    int limit = request.limit(50, 500);
    List<Artifact> page = artifacts.of(run, limit + 1, request.query("after").map(Names::id));
    return Page.of(page, limit, ArtifactsApi::json, a -> a.id().toString());
  }

  /** {@code GET /api/artifacts/{id}}: the content. */
  Answer get(Request request) {
    UUID id = Names.id(request.path("id"));
    Artifact artifact =
        artifacts
            .find(request.project(), id)
            .orElseThrow(
                () ->
                    ApiProblem.notFound(
                        "there is no artifact " + id + " in project " + request.project()));
    String type = HARMLESS.contains(artifact.mediaType()) ? artifact.mediaType() : BINARY;
    Answer.Download file =
        new Answer.Download(open(artifact), artifact.size(), disposition(artifact));
    return new Answer(200, type, "", file);
  }

  private InputStream open(Artifact artifact) {
    if (!downloads.tryAcquire()) {
      throw ApiProblem.unavailable("too many files are being sent; try again");
    }
    boolean opened = false;
    try {
      InputStream content = new Leaving(artifacts.open(artifact), downloads::release);
      opened = true;
      return content;
    } catch (IOException e) {
      UUID id = artifact.id();
      LOG.atWarn().addKeyValue("artifact", id).setCause(e).log("An artifact can't be read");
      throw ApiProblem.unavailable("the content of artifact " + id + " can't be had now");
    } finally {
      if (!opened) {
        downloads.release();
      }
    }
  }

  /** Content that is not read any more once it is closed. */
  private static final class Leaving extends FilterInputStream {
    private final AtomicReference<@Nullable Runnable> leave;

    Leaving(InputStream in, Runnable leave) {
      super(in);
      this.leave = new AtomicReference<>(leave);
    }

    @Override
    public void close() throws IOException {
      Runnable first = leave.getAndSet(null);
      if (first != null) {
        first.run();
      }
      super.close();
    }
  }

  private static Map<String, Object> json(Artifact artifact) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", artifact.id().toString());
    json.put("run", artifact.run().toString());
    json.put("node", artifact.node().node().value());
    json.put("item", artifact.node().item());
    json.put("attempt", (long) artifact.attempt());
    json.put("name", artifact.name());
    json.put("size", artifact.size());
    json.put("sha256", artifact.sha256());
    json.put("mediaType", artifact.mediaType());
    json.put("createdAt", artifact.createdAt().toString());
    return json;
  }

  /** To be saved, never shown; the name for old receivers in harmless letters, for others whole. */
  private static String disposition(Artifact artifact) {
    String name = artifact.name().substring(artifact.name().lastIndexOf('/') + 1);
    StringBuilder encoded = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
      encoded.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return "attachment; filename=\"%s\"; filename*=UTF-8''%s"
        .formatted(name.replaceAll("[^A-Za-z0-9._ -]", "_"), encoded);
  }
}
