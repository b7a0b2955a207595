package dev.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.artifact.Artifact;
import dev.drover.name.NodeId;
import dev.drover.name.ProjectName;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Artifacts behind Camel endpoints: those that are like files, and those that are not. */
class CamelStoreIT {
  @TempDir private Path home;
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final Map<String, String> objects = new ConcurrentHashMap<>();

  @BeforeEach
  void start() throws Exception {
    camel.disableJMX();
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:put")
                .process(e -> objects.put(key(e), e.getMessage().getBody(String.class)));
            from("direct:get").process(e -> e.getMessage().setBody(objects.get(key(e))));
            from("direct:delete").process(e -> objects.remove(key(e)));
            from("direct:fails").throwException(new IllegalStateException("secret-password"));
          }
        });
    camel.start();
  }

  private static String key(Exchange exchange) {
    String key = exchange.getMessage().getHeader("CamelAwsS3Key", String.class);
    assertThat(exchange.getMessage().getHeader("DroverArtifact")).isEqualTo(key);
    return key;
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  private CamelStore store(String store, String download, String delete) {
    return new CamelStore(
        camel,
        new CamelStore.Uris(store, Optional.ofNullable(download), Optional.ofNullable(delete)));
  }

  private static Artifact artifact() {
    return new Artifact(
        UUID.randomUUID(),
        ProjectName.DEFAULT,
        new RunId(UUID.randomUUID()),
        NodeItem.of(new NodeId("a")),
        1,
        "../../a name?x=${sys.user}",
        "text/plain",
        5,
        "",
        Instant.EPOCH);
  }

  private Path content(String text) throws IOException {
    return Files.writeString(Files.createTempFile(home, "content", ""), text);
  }

  private static String read(CamelStore store, Artifact artifact) throws IOException {
    try (InputStream in = store.open(artifact)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aFolderIsWrittenReadAgainAndAgainAndDeletedFrom() throws IOException {
    Path folder = home.resolve("share");
    CamelStore store = store("file:" + folder + "?tempPrefix=.new-", null, null);
    Artifact one = artifact();
    Artifact other = artifact();
    int before = camel.getEndpoints().size();

    store.put(one, content("hello"));
    store.put(one, content("hello"));
    store.put(other, content("other"));

    assertThat(folder.resolve(one.id().toString())).hasContent("hello");
    for (int i = 0; i < 5; i++) {
      assertThat(read(store, one)).isEqualTo("hello");
      assertThat(read(store, other)).isEqualTo("other");
    }
    store.delete(one);
    store.delete(one);
    assertThat(folder.toFile().list()).containsExactly(other.id().toString());
    assertThatThrownBy(() -> store.open(one)).isInstanceOf(NoSuchFileException.class);
    assertThat(camel.getEndpoints()).hasSize(before);
  }

  @Test
  void anythingElseIsUsedThroughAnEndpointForEachDeed() throws IOException {
    CamelStore store = store("direct:put", "direct:get", "direct:delete");
    Artifact artifact = artifact();

    store.put(artifact, content("hello"));

    assertThat(objects).containsExactly(Map.entry(artifact.id().toString(), "hello"));
    assertThat(read(store, artifact)).isEqualTo("hello");
    store.delete(artifact);
    assertThat(objects).isEmpty();
    assertThatThrownBy(() -> store.open(artifact)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void anEndpointThatFailsIsAnExceptionThatTellsNoSecret() {
    CamelStore store = store("direct:fails", "direct:fails", "direct:fails");

    for (var deed :
        List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
            () -> store.put(artifact(), content("a")),
            () -> store.open(artifact()),
            () -> store.delete(artifact()))) {
      assertThatThrownBy(deed)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("IllegalStateException")
          .hasMessageNotContaining("secret-password");
    }
  }

  @Test
  void settingsThatDoNotSufficeAreRefusedAtTheStart() {
    assertThatThrownBy(() -> store("direct:put", null, "direct:delete"))
        .isInstanceOf(CamelStore.Unusable.class)
        .hasMessageContaining("drover.artifacts.download");
    assertThatThrownBy(() -> store("no-such-component:x?password=geheim", null, null))
        .hasMessageContaining("drover.artifacts.endpoint")
        .hasMessageNotContaining("geheim");
  }
}
