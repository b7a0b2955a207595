package dev.drover.route;

import dev.drover.artifact.Artifact;
import dev.drover.artifact.ArtifactStore;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.PollingConsumer;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Content behind a Camel endpoint. File-like endpoints (file, ftp, sftp, smb) can be read and
 * deleted from as they are; for others the operator names an endpoint for each. URIs come from the
 * settings alone; all that is added is the artifact's id.
 */
public final class CamelStore implements ArtifactStore {
  /** What components that store objects take for an object's name. */
  private static final List<String> NAMES =
      List.of(
          Exchange.FILE_NAME,
          "DroverArtifact",
          "CamelAwsS3Key",
          "CamelMinioObjectName",
          "CamelAzureStorageBlobBlobName",
          "CamelGoogleCloudStorageObjectName");

  private static final List<String> REMOTE = List.of("ftp:", "ftps:", "sftp:");

  private final CamelContext camel;
  private final Uris uris;
  private final boolean isFileLike;
  private final ProducerTemplate calls;
  private final ConsumerTemplate polls;

  /**
   * The endpoints.
   *
   * @param store takes content
   * @param download gives it back; not needed of what is file-like
   * @param delete deletes it; not needed of what is file-like
   */
  public record Uris(String store, Optional<String> download, Optional<String> delete) {}

  /** The settings do not suffice; the message says why. */
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String message, Throwable cause) {
      super(message, cause);
    }

    Unusable(String message) {
      super(message);
    }
  }

  /**
   * Looks at the endpoints.
   *
   * @throws Unusable if they do not suffice
   */
  public CamelStore(CamelContext camel, Uris uris) {
    this.camel = camel;
    this.uris = uris;
    try {
      this.isFileLike = camel.getEndpoint(uris.store()) instanceof GenericFileEndpoint<?>;
    } catch (RuntimeException e) {
      throw new Unusable(
          "drover.artifacts.endpoint names no endpoint that Camel can make (is the component's jar"
              + " on the classpath?): "
              + cause(e),
          e);
    }
    if (!isFileLike && (uris.download().isEmpty() || uris.delete().isEmpty())) {
      throw new Unusable(
          "drover.artifacts.endpoint is not like a folder of files, so it needs"
              + " drover.artifacts.download and drover.artifacts.delete beside it");
    }
    this.calls = camel.createProducerTemplate();
    this.polls = camel.createConsumerTemplate();
  }

  @Override
  public void put(Artifact artifact, Path content) throws IOException {
    Exchange unused = call(uris.store(), artifact, content.toFile());
  }

  @Override
  public InputStream open(Artifact artifact) throws IOException {
    if (uris.download().isPresent()) {
      Exchange answer = call(uris.download().get(), artifact, null);
      InputStream content = answer.getMessage().getBody(InputStream.class);
      if (content == null) {
        throw new NoSuchFileException(artifact.id().toString());
      }
      return content;
    }
    Exchange polled = poll(artifact, "&noop=true&idempotent=false");
    InputStream content = polled.getMessage().getBody(InputStream.class);
    if (content == null) {
      polls.doneUoW(polled);
      throw new NoSuchFileException(artifact.id().toString());
    }
    return new Polled(content, polled);
  }

  @Override
  public void delete(Artifact artifact) throws IOException {
    if (uris.delete().isPresent()) {
      Exchange unused = call(uris.delete().get(), artifact, null);
      return;
    }
    boolean isRemote = REMOTE.stream().anyMatch(uris.store()::startsWith);
    try {
      polls.doneUoW(poll(artifact, isRemote ? "&delete=true&download=false" : "&delete=true"));
    } catch (NoSuchFileException e) {
      return; // it is gone already
    }
  }

  private Exchange call(String uri, Artifact artifact, @Nullable Object body) throws IOException {
    Exchange answer =
        calls.request(
            uri,
            exchange -> {
              exchange.getMessage().setBody(body);
              NAMES.forEach(
                  name -> exchange.getMessage().setHeader(name, artifact.id().toString()));
            });
    Exception failure = answer.getException();
    if (failure != null) {
      throw new IOException("the artifacts' endpoint failed: " + cause(failure), failure);
    }
    return answer;
  }

  /** A consumer of its own for one file: nothing of it stays. */
  private Exchange poll(Artifact artifact, String options) throws IOException {
    String more = (uris.store().contains("?") ? "&" : "?") + "fileName=" + artifact.id() + options;
    try (Endpoint one = camel.getCamelContextExtension().getPrototypeEndpoint(uris.store() + more);
        PollingConsumer consumer = one.createPollingConsumer()) {
      consumer.start();
      Exchange polled = consumer.receiveNoWait();
      if (polled == null) {
        throw new NoSuchFileException(artifact.id().toString());
      }
      return polled;
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the artifacts' endpoint failed: " + cause(e), e);
    }
  }

  /** Without the URI, which may hold a password. */
  private static String cause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getClass().getSimpleName();
  }

  /** Tells the endpoint when the content has been read. */
  private final class Polled extends FilterInputStream {
    private final Exchange polled;

    Polled(InputStream in, Exchange polled) {
      super(in);
      this.polled = polled;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        polls.doneUoW(polled);
      }
    }
  }
}
