package dev.drover.api;

import dev.drover.artifact.Artifacts;
import dev.drover.run.RunQueries;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;

/** The files that nodes have left: which there are, and their content. */
public final class ArtifactRoutes extends RouteBuilder {
  private static final String TAG = "Artifacts";

  private final ArtifactsApi artifacts;

  /** What the routes show. */
  public ArtifactRoutes(RunQueries runs, Artifacts artifacts) {
    this.artifacts = new ArtifactsApi(runs, artifacts);
  }

  @Override
  public void configure() {
    rest("/api/runs/{id}/artifacts")
        .tag(TAG)
        .get()
        .id("listArtifacts")
        .description("The files that a run's nodes have left, oldest first")
        .produces(Described.JSON)
        .params(List.of(Described.path("id", "A run's id"), Described.project()))
        .params(Described.page(50, 500))
        .responseMessages(
            Described.answers(
                "200", Described.PAGE,
                "400", "A parameter has no such value",
                "404", "No such run"))
        .to(Handlers.endpoint(this, "listArtifacts", artifacts::list));
    rest("/api/artifacts")
        .tag(TAG)
        .get("/{id}")
        .id("getArtifact")
        .description("The content of a file, to be saved; application/octet-stream unless harmless")
        .produces("application/octet-stream")
        .params(List.of(Described.path("id", "An artifact's id"), Described.project()))
        .responseMessages(
            Described.answers(
                "200", "The content", "400", "Not an artifact's id", "404", "No such artifact"))
        .to(Handlers.endpoint(this, "getArtifact", artifacts::get));
  }
}
