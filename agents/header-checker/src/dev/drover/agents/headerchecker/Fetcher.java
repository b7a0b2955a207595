package dev.drover.agents.headerchecker;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.io.Closer;

/**
 * Asks a server and follows its redirects, within bounds. Only headers are read: the connection is
 * cut before the page itself is. Each step of a redirect is looked at like the first address.
 */
final class Fetcher implements Closeable {
  /** Who asks, so that it shows whether answers are given to any site. */
  static final String ORIGIN = "https://origin.invalid";

  private final CloseableHttpClient client;
  private final Duration timeout;
  private final int mostRedirects;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "deadline");
            thread.setDaemon(true);
            return thread;
          });

  Fetcher(CloseableHttpClient client, Duration timeout, int mostRedirects) {
    this.client = client;
    this.timeout = timeout;
    this.mostRedirects = mostRedirects;
  }

  /** How it went. */
  sealed interface Fetched {
    /** The server answered. */
    record Answered(Response response) implements Fetched {}

    /**
     * It did not, or it may not be asked; the reason names no more of the address than its host.
     */
    record Failed(String reason, boolean temporary) implements Fetched {}
  }

  Fetched fetch(URI asked) {
    List<Response.Redirect> redirects = new ArrayList<>();
    long end = System.nanoTime() + timeout.toNanos();
    URI address = asked;
    while (true) {
      try {
        Response one = once(asked, address, redirects, end - System.nanoTime());
        Optional<URI> next = location(one);
        if (next.isEmpty()) {
          return one.status() >= 500
              ? new Fetched.Failed(host(address) + " answered HTTP " + one.status(), true)
              : new Fetched.Answered(one);
        }
        if (redirects.size() == mostRedirects) {
          return new Fetched.Failed(
              host(asked) + " redirects more than " + mostRedirects + " times", false);
        }
        redirects.add(new Response.Redirect(address, one.status(), next.get()));
        address = next.get();
      } catch (URISyntaxException e) {
        return new Fetched.Failed(
            host(address) + " redirects to what is no http or https address", false);
      } catch (IOException e) {
        return failed(host(address), e);
      }
    }
  }

  private Response once(URI asked, URI address, List<Response.Redirect> redirects, long nanosLeft)
      throws IOException {
    if (nanosLeft <= 0) {
      throw new InterruptedIOException();
    }
    HttpGet request = new HttpGet(address);
    request.setHeader("User-Agent", "Drover-header-checker");
    request.setHeader("Accept", "text/html, */*;q=0.5");
    request.setHeader("Origin", ORIGIN);
    long late = System.nanoTime() + nanosLeft;
    // Time-outs of the socket begin anew with every byte; this one does not.
    ScheduledFuture<?> deadline = clock.schedule(request::abort, nanosLeft, TimeUnit.NANOSECONDS);
    try {
      ClassicHttpResponse response = client.executeOpen(null, request, null);
      List<Response.Header> headers = new ArrayList<>();
      for (Header header : response.getHeaders()) {
        headers.add(new Response.Header(header.getName(), String.valueOf(header.getValue())));
      }
      request.abort(); // closing alone would read the rest of the page
      Closer.closeQuietly(response);
      return new Response(asked, address, response.getCode(), headers, redirects);
    } catch (IOException e) {
      if (System.nanoTime() - late >= 0) {
        throw (IOException) new InterruptedIOException().initCause(e);
      }
      throw e;
    } finally {
      deadline.cancel(false);
    }
  }

  private static Optional<URI> location(Response response) throws URISyntaxException {
    List<String> locations = response.all("Location");
    boolean redirects =
        switch (response.status()) {
          case 301, 302, 303, 307, 308 -> !locations.isEmpty();
          default -> false;
        };
    if (!redirects) {
      return Optional.empty();
    }
    return Optional.of(Targets.checked(response.address().resolve(new URI(locations.get(0)))));
  }

  private static Fetched.Failed failed(String host, IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AddressRules.NotPublic) {
        return new Fetched.Failed(
            host
                + " is not of the public internet, so it is not asked; an operator can allow it with"
                + " COMPLIANCE_ALLOW_PRIVATE in the agent's manifest",
            false);
      }
      if (cause instanceof UnknownHostException) {
        return new Fetched.Failed(host + " is not known to DNS", true);
      }
      if (cause instanceof InterruptedIOException) {
        return new Fetched.Failed(host + " did not answer in time", true);
      }
      if (cause instanceof SSLException) {
        return new Fetched.Failed(
            "no TLS connection with " + host + "; check its certificate and the port", false);
      }
    }
    String what = failure.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return what.contains("protocol") || what.contains("constraint")
        ? new Fetched.Failed(host + " does not speak HTTP, or sends too many headers", false)
        : new Fetched.Failed(host + " can't be connected to", true);
  }

  private static String host(URI address) {
    return String.valueOf(address.getHost());
  }

  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    client.close();
  }
}
