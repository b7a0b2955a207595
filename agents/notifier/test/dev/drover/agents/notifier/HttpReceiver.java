package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * A webhook receiver on a free port that answers as told by the path's first part, and remembers
 * what it got.
 */
final class HttpReceiver implements AutoCloseable {

  /** One request as it came over the wire. */
  record Received(String method, String target, Headers headers, JsonNode body, String text) {}

  final List<Received> received = new CopyOnWriteArrayList<>();

  private volatile String told;
  private final HttpServer server;
  private final String address;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);

  HttpReceiver() throws IOException {
    this(HttpServer.create(loopback(), 0), "http://127.0.0.1:");
  }

  private HttpReceiver(HttpServer server, String address) {
    this.server = server;
    this.address = address;
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  static HttpReceiver encrypted(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new HttpReceiver(server, "https://localhost:");
  }

  /** What is answered from now on instead of an echo of the address. */
  void answer(String text) {
    told = text;
  }

  String url(String pathAndQuery) {
    return address + server.getAddress().getPort() + pathAndQuery;
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] bytes = exchange.getRequestBody().readAllBytes();
      received.add(
          new Received(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders(),
              new ObjectMapper().readTree(bytes),
              new String(bytes, StandardCharsets.UTF_8)));
      answer(exchange, exchange.getRequestURI().getPath().split("/", -1)[1]);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, String how) throws IOException, InterruptedException {
    switch (how) {
      case "hang" -> closing.await();
      case "drip" -> drip(exchange);
      case "redirect" -> {
        exchange.getResponseHeaders().set("Location", url("/200/elsewhere"));
        exchange.sendResponseHeaders(302, -1);
      }
      default -> {
        exchange.getResponseHeaders().set("Retry-After", "30");
        String text = told == null ? exchange.getRequestURI().toString() : told;
        byte[] echo = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(Integer.parseInt(how), echo.length);
        exchange.getResponseBody().write(echo);
      }
    }
  }

  /** An answer that never ends, though each wait for a byte is short. */
  private void drip(HttpExchange exchange) throws IOException, InterruptedException {
    exchange.sendResponseHeaders(200, 0);
    while (!closing.await(50, TimeUnit.MILLISECONDS)) {
      exchange.getResponseBody().write('.');
      exchange.getResponseBody().flush();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
