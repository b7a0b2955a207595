package dev.drover.agent.dagger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** A small HTTP/1.1 server that notices when a client takes a request back: it hangs up. */
final class HttpConnections implements AutoCloseable {
  private final ServerSocket server;
  private final Handler handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** A request. Names of headers are in lower case. */
  record Request(String method, String path, Map<String, String> headers, String body) {}

  /** Answers a request, once, on a thread of its own. */
  @FunctionalInterface
  interface Handler {
    void handle(Request request, Exchange exchange) throws IOException;
  }

  /** One request and its answer. */
  static final class Exchange {
    private final OutputStream out;
    private volatile Runnable onHangUp = () -> {};
    private volatile boolean hungUp;

    private Exchange(OutputStream out) {
      this.out = out;
    }

    void answer(int status, String type, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      String head =
          "HTTP/1.1 %d x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(status, type, bytes.length);
      synchronized (out) {
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.flush();
      }
    }

    OutputStream stream(String type) throws IOException {
      String head = "HTTP/1.1 200 x\r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n";
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      out.flush();
      return out;
    }

    void onHangUp(Runnable action) {
      onHangUp = action;
      if (hungUp) {
        action.run();
      }
    }

    boolean hasHungUp() {
      return hungUp;
    }

    private void hangUp() {
      hungUp = true;
      onHangUp.run();
    }
  }

  HttpConnections(Handler handler) {
    this.handler = handler;
    try {
      server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("engine-accept", this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        start("engine-connection", () -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    Exchange last = null;
    try (socket) {
      PushbackInputStream in = new PushbackInputStream(socket.getInputStream());
      for (int first = in.read(); first >= 0; first = in.read()) {
        in.unread(first);
        Request request = read(in);
        Exchange exchange = new Exchange(socket.getOutputStream());
        last = exchange;
        start("engine-request", () -> handle(request, exchange, socket));
      }
    } catch (IOException e) {
      // hung up, as below
    }
    open.remove(socket);
    if (last != null) {
      last.hangUp();
    }
  }

  private void handle(Request request, Exchange exchange, Socket socket) {
    try {
      handler.handle(request, exchange);
    } catch (IOException e) {
      close(socket); // the client has gone
    }
  }

  private static Request read(InputStream in) throws IOException {
    String[] words = line(in).split(" ", -1);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String[] parts = line.split(":", 2);
      headers.put(parts[0].toLowerCase(java.util.Locale.ROOT), parts[1].strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Request(words[0], words[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    open.forEach(HttpConnections::close);
  }
}
