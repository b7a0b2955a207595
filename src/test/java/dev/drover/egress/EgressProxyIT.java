package dev.drover.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EgressProxyIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  private final List<String> refused = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger lookups = new AtomicInteger();
  private EgressProxy proxy;
  private HttpServer web;
  private int port;

  @BeforeEach
  void start() throws IOException {
    web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String host = exchange.getRequestHeaders().getFirst("Host");
          byte[] answer = (host + " got " + body.length).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    web.start();
    port = web.getAddress().getPort();
    proxy = EgressProxy.start(this::resolve);
  }

  @AfterEach
  void stop() {
    proxy.close();
    web.stop(0);
  }

  private List<InetAddress> resolve(String name) throws UnknownHostException {
    lookups.incrementAndGet();
    if (name.equals("unknown.test")) {
      throw new UnknownHostException(name);
    }
    return List.of(InetAddress.getLoopbackAddress());
  }

  private Door door(String... entries) throws IOException {
    return proxy.open(HostListTest.list(entries), refused::add);
  }

  private static SocketChannel connect(Door door) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(door.socket()));
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static String readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Channels.newInputStream(channel).transferTo(all);
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  private static String ask(Door door, String request) throws IOException {
    try (SocketChannel channel = connect(door)) {
      send(channel, request);
      return readAll(channel);
    }
  }

  @Test
  void aListedHostIsReachedThroughATunnelAndDirectly() throws IOException {
    Door door = door("api.test:" + port, "127.0.0.1:" + port);

    String tunnel =
        ask(
            door,
            "CONNECT api.test:%d HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: in-it\r\nConnection: close\r\n\r\n"
                .formatted(port));
    String plain =
        ask(
            door,
            "POST http://api.test:%d/x HTTP/1.1\r\nHost: lie\r\nContent-Length: 3\r\n\r\nabc"
                .formatted(port));

    assertThat(tunnel).startsWith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200");
    assertThat(tunnel).endsWith("in-it got 0");
    assertThat(plain).startsWith("HTTP/1.1 200").endsWith("api.test:" + port + " got 3");
    assertThat(refused).isEmpty();
  }

  @Test
  void whatIsNotListedIsRefusedWithoutBeingLookedUp() throws IOException {
    Door door = door("api.test:" + port);

    String answer = ask(door, "CONNECT evil.test:443 HTTP/1.1\r\n\r\n");
    ask(door, "GET http://evil.test:443/again HTTP/1.1\r\n\r\n");
    ask(door, "CONNECT api.test:22 HTTP/1.1\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 403").contains("evil.test:443", "not in the list");
    assertThat(lookups).hasValue(0);
    assertThat(door.refusals())
        .containsExactly(
            "evil.test:443 (it is not in the list)", "api.test:22 (it is not in the list)");
    assertThat(refused).containsExactly("it is not in the list", "it is not in the list");
  }

  @Test
  void whatIsNoHostAtAllIsNoRefusal() throws IOException {
    Door door = door("api.test:" + port);

    for (String host : List.of("a\u0007\u001b[2J", "x".repeat(16_000), "a..b", "127.1")) {
      assertThat(ask(door, "CONNECT " + host + ":443 HTTP/1.1\r\n\r\n"))
          .startsWith("HTTP/1.1 400")
          .hasSizeLessThan(300);
    }

    assertThat(door.refusals()).isEmpty();
    assertThat(refused).isEmpty();
  }

  @Test
  void aListedNameThatLeadsToThisHostIsRefused() throws IOException {
    Door door = door("api.test:" + port);

    String answer = ask(door, "CONNECT api.test:%d HTTP/1.1\r\n\r\n".formatted(port));

    assertThat(answer).startsWith("HTTP/1.1 403").contains("127.0.0.1 is this host");
  }

  @Test
  void whatCannotBeReachedOrUnderstoodGetsAnAnswer() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    Door door = door("unknown.test", "127.0.0.1:" + free);

    assertThat(ask(door, "CONNECT unknown.test:443 HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 502")
        .contains("no host of that name");
    assertThat(ask(door, "CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n".formatted(free)))
        .startsWith("HTTP/1.1 502")
        .contains("can't be reached");
    assertThat(ask(door, "hello\r\n\r\n")).startsWith("HTTP/1.1 400");
    assertThat(ask(door, "GET http://a/ HTTP/1.1\r\nA: " + "b".repeat(20_000)))
        .startsWith("HTTP/1.1 431");
  }

  @Test
  void muchGoesThroughBothWaysAndEachEndIsPassedOn() throws Exception {
    int size = 5_000_000;
    try (ServerSocket echo = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server =
          new Thread(
              () -> {
                try (var socket = echo.accept()) {
                  socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      server.start();
      Door door = door("127.0.0.1:" + echo.getLocalPort());
      try (SocketChannel channel = connect(door)) {
        send(channel, "CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n".formatted(echo.getLocalPort()));
        Thread writer =
            new Thread(
                () -> {
                  try {
                    send(channel, "x".repeat(size));
                    channel.shutdownOutput();
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        writer.start();
        String all = readAll(channel);
        assertThat(all).hasSize(size + "HTTP/1.1 200 Connection established\r\n\r\n".length());
        writer.join(SOON.toMillis());
        server.join(SOON.toMillis());
      }
    }
  }

  @Test
  void closingADoorEndsItsConnectionsAndNoOthers() throws IOException {
    Door first = door("127.0.0.1:" + port);
    Door second = door("127.0.0.1:" + port);
    String request = "CONNECT 127.0.0.1:%d HTTP/1.1\r\n\r\n".formatted(port);
    try (SocketChannel one = connect(first);
        SocketChannel other = connect(second)) {
      send(one, request);
      send(other, request);
      await().atMost(SOON).until(() -> one.read(ByteBuffer.allocate(100)) > 0);
      await().atMost(SOON).until(() -> other.read(ByteBuffer.allocate(100)) > 0);

      first.close();

      assertThat(readAll(one)).isEmpty();
      send(other, "GET / HTTP/1.1\r\nHost: still\r\nConnection: close\r\n\r\n");
      assertThat(readAll(other)).endsWith("still got 0");
    }
    assertThat(Files.exists(first.socket())).isFalse();
  }

  @Test
  void doorsAreOpenedAlsoWhenTemporaryFilesHaveBeenTidiedUp() throws IOException {
    Door first = door("127.0.0.1:" + port);
    Files.delete(first.socket());
    Files.delete(first.socket().getParent());

    Door second = door("127.0.0.1:" + port);

    String request = "GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n".formatted(port);
    assertThat(ask(second, request)).endsWith("got 0");
    assertThat(Files.getPosixFilePermissions(second.socket().getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void moreConnectionsThanAllowedWaitForTheirTurn() throws IOException {
    Door door = door("127.0.0.1:" + port);
    List<SocketChannel> idle = new ArrayList<>();
    for (int i = 0; i < Door.MOST_TUNNELS; i++) {
      idle.add(connect(door));
    }
    SocketChannel late = connect(door);
    send(late, "GET http://127.0.0.1:%d/ HTTP/1.1\r\n\r\n".formatted(port));
    late.configureBlocking(false);
    ByteBuffer answer = ByteBuffer.allocate(1_000);
    await()
        .during(Duration.ofMillis(200))
        .atMost(SOON)
        .until(() -> late.read(answer) == 0 && answer.position() == 0);

    idle.get(0).close();

    await().atMost(SOON).until(() -> late.read(answer) != 0);
    late.close();
    for (SocketChannel channel : idle) {
      channel.close();
    }
  }
}
