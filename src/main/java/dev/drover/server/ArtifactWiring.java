package dev.drover.server;

import dev.drover.agent.AttemptFolders;
import dev.drover.api.ArtifactRoutes;
import dev.drover.artifact.ArtifactIndex;
import dev.drover.artifact.ArtifactStore;
import dev.drover.artifact.ArtifactSweep;
import dev.drover.artifact.Artifacts;
import dev.drover.artifact.FolderStore;
import dev.drover.artifact.TimelyStore;
import dev.drover.journal.ArtifactRows;
import dev.drover.journal.DataDirectory;
import dev.drover.route.CamelStore;
import dev.drover.run.RunQueries;
import dev.drover.schedule.Job;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.flywaydb.core.Flyway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Files between nodes. */
@Configuration(proxyBeanMethods = false)
class ArtifactWiring {
  private static final Duration SWEEP = Duration.ofMinutes(10);

  /** As many as run, and as many again that wait with their files in place. */
  private static final int FOLDERS_EACH = 2;

  @Bean
  AttemptFolders attemptFolders(Settings settings, DataDirectory directory, Pools pools)
      throws IOException {
    AttemptFolders folders =
        new AttemptFolders(
            directory.path().resolve("attempts"),
            pools.files(),
            new AttemptFolders.Settings(
                FOLDERS_EACH * settings.agentLimits().most(),
                settings.artifacts().limit().toBytes(),
                settings.artifacts().timeout()));
    folders.tidy();
    return folders;
  }

  @Bean
  ArtifactIndex artifactIndex(DataSource database, Flyway migrated) {
    return new ArtifactRows(database);
  }

  @Bean
  @Primary
  ArtifactStore artifactStore(Settings settings, CamelContext camel, DataDirectory directory) {
    Settings.ArtifactSettings artifacts = settings.artifacts();
    if (artifacts.endpoint().isEmpty()) {
      return new FolderStore(
          artifacts.folder().isEmpty()
              ? directory.path().resolve("artifacts")
              : Path.of(artifacts.folder()));
    }
    return new CamelStore(
        camel,
        new CamelStore.Uris(
            artifacts.endpoint(), given(artifacts.download()), given(artifacts.delete())));
  }

  private static Optional<String> given(String setting) {
    return Optional.of(setting).filter(Predicate.not(String::isEmpty));
  }

  @Bean
  Artifacts artifacts(ArtifactIndex index, ArtifactStore store, Supplier<UUID> ids, Clock clock) {
    return new Artifacts(index, store, ids, clock);
  }

  @Bean
  Job artifactJob(ArtifactIndex index, TimelyStore store, Clock clock) {
    return new Job("artifacts", SWEEP, new ArtifactSweep(index, store, clock));
  }

  @Bean
  ArtifactRoutes artifactRoutes(
      RunQueries runs, ArtifactIndex index, TimelyStore store, Supplier<UUID> ids, Clock clock) {
    return new ArtifactRoutes(runs, new Artifacts(index, store, ids, clock));
  }

  /** Attempts have a deadline of their own; requests and housekeeping do not. */
  @Bean
  TimelyStore timelyStore(Settings settings, Pools pools, ArtifactStore store) {
    return new TimelyStore(store, pools.files(), settings.artifacts().timeout());
  }
}
