package dev.drover.egress;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection through the proxy, from its first byte to its last. Of the proxy's thread. */
final class Tunnel {
  private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);
  private static final long HEAD = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOKUP = TimeUnit.SECONDS.toNanos(30);
  private static final long CONNECT = TimeUnit.SECONDS.toNanos(10);
  private static final long ANSWER = TimeUnit.SECONDS.toNanos(5);

  private final EgressProxy proxy;
  private final Door door;
  private final Side client;
  private @Nullable Side upstream;

  /** What is written before anything that is read: the head to the host, or our own answer. */
  private @Nullable ByteBuffer pending;

  private final Deque<InetSocketAddress> untried = new ArrayDeque<>();
  private RequestHead.@Nullable Request request;
  private State state = State.HEAD;
  private long deadline = System.nanoTime() + HEAD;

  private enum State {
    HEAD,
    LOOKUP,
    CONNECTING,
    OPEN,
    ANSWERING,
    CLOSED
  }

  private Tunnel(EgressProxy proxy, Door door, SocketChannel accepted) throws IOException {
    this.proxy = proxy;
    this.door = door;
    this.client = Side.of(accepted, proxy.selector(), SelectionKey.OP_READ, this);
  }

  /** Takes over what has been accepted. */
  static Tunnel of(EgressProxy proxy, Door door, SocketChannel accepted) throws IOException {
    try {
      return new Tunnel(proxy, door, accepted);
    } catch (IOException | RuntimeException e) {
      Door.closeQuietly(accepted);
      throw e;
    }
  }

  /** One of the channels can go on. */
  void ready() {
    try {
      switch (state) {
        case HEAD -> readHead();
        case CONNECTING -> connected();
        case OPEN -> carry();
        case ANSWERING -> finishAnswer();
        case LOOKUP, CLOSED -> client.wants(false, false);
      }
    } catch (IOException | RuntimeException e) {
      LOG.atDebug().setCause(e).log("A connection of an agent broke");
      close();
    }
  }

  /** Ends what takes too long; an open connection may last as long as its program. */
  void expire(long now) {
    if (state == State.OPEN || now - deadline < 0) {
      return;
    }
    if (state == State.CONNECTING) {
      tryNext("it does not answer");
    } else if (state == State.LOOKUP) {
      answer(502, "Bad Gateway", "its name could not be looked up in time");
    } else {
      close();
    }
  }

  private void readHead() throws IOException {
    client.fill();
    int end = endOfHead(client.read);
    if (end < 0) {
      if (client.ended) {
        close();
      } else if (!client.read.hasRemaining()) {
        answer(431, "Request Header Fields Too Large", "the request's head is over 16 KiB");
      }
      return;
    }
    byte[] head = new byte[end];
    client.read.flip();
    client.read.get(head);
    client.read.position(end + 4);
    client.read.compact();
    RequestHead read = RequestHead.read(head);
    if (read instanceof RequestHead.Bad bad) {
      answer(400, "Bad Request", bad.why());
    } else if (read instanceof RequestHead.Request asked) {
      lookUp(asked);
    }
  }

  private static int endOfHead(ByteBuffer read) {
    for (int i = 0; i + 3 < read.position(); i++) {
      if (read.get(i) == '\r'
          && read.get(i + 1) == '\n'
          && read.get(i + 2) == '\r'
          && read.get(i + 3) == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void lookUp(RequestHead.Request asked) {
    request = asked;
    var refused = Destination.refusal(door.hosts(), asked.host(), asked.port());
    if (refused.isPresent()) {
      refuse(asked, refused.get().why());
      return;
    }
    state = State.LOOKUP;
    deadline = System.nanoTime() + LOOKUP;
    client.wants(false, false);
    proxy.lookUp(door.hosts(), asked, found -> lookedUp(asked, found));
  }

  private void lookedUp(RequestHead.Request asked, Destination found) {
    if (state != State.LOOKUP) {
      return;
    }
    if (found instanceof Destination.Refused refused) {
      refuse(asked, refused.why());
    } else if (found instanceof Destination.Unknown unknown) {
      answer(502, "Bad Gateway", asked.where() + ": " + unknown.why());
    } else if (found instanceof Destination.Found there) {
      untried.addAll(there.addresses());
      tryNext("it has no address");
    }
  }

  private void tryNext(String why) {
    if (upstream != null) {
      Door.closeQuietly(upstream.channel);
      upstream = null;
    }
    InetSocketAddress next = untried.poll();
    if (next == null) {
      answer(502, "Bad Gateway", (request == null ? "" : request.where() + ": ") + why);
      return;
    }
    state = State.CONNECTING;
    deadline = System.nanoTime() + CONNECT;
    try {
      SocketChannel channel = SocketChannel.open();
      upstream = Side.of(channel, proxy.selector(), SelectionKey.OP_CONNECT, this);
      if (channel.connect(next)) {
        connected();
      }
    } catch (IOException | RuntimeException e) {
      tryNext("it can't be reached: " + e.getMessage());
    }
  }

  private void connected() {
    Side there = upstream;
    RequestHead.Request asked = request;
    if (there == null || asked == null) {
      return;
    }
    try {
      if (!there.channel.isConnected() && !there.channel.finishConnect()) {
        return;
      }
      state = State.OPEN;
      if (asked.tunnel()) {
        there.read.put(ascii("HTTP/1.1 200 Connection established\r\n\r\n"));
      } else {
        prepend(asked.forward().getBytes(StandardCharsets.ISO_8859_1));
      }
      carry();
    } catch (IOException e) {
      if (state == State.OPEN) {
        close();
      } else {
        tryNext("it can't be reached: " + e.getMessage());
      }
    }
  }

  /** The rewritten head goes before what was read behind the original. */
  private void prepend(byte[] head) {
    byte[] behind = new byte[client.read.flip().remaining()];
    client.read.get(behind);
    ByteBuffer all = ByteBuffer.allocate(head.length + behind.length).put(head).put(behind);
    pending = all.flip();
    client.read.clear();
  }

  private void carry() throws IOException {
    Side there = upstream;
    if (there == null) {
      return;
    }
    ByteBuffer first = pending;
    if (first != null) {
      there.channel.write(first);
      if (first.hasRemaining()) {
        there.wants(false, true);
        return;
      }
      pending = null;
    }
    client.fill();
    there.drain(client);
    there.fill();
    client.drain(there);
    if (client.shut && there.shut) {
      close();
      return;
    }
    client.wants(!client.ended && client.read.hasRemaining(), there.read.position() > 0);
    there.wants(!there.ended && there.read.hasRemaining(), client.read.position() > 0);
  }

  private void refuse(RequestHead.Request asked, String why) {
    door.refuse(asked.where(), why);
    answer(403, "Forbidden", asked.where() + " is refused by the agent's network list: " + why);
  }

  private void answer(int code, String reason, String text) {
    state = State.ANSWERING;
    deadline = System.nanoTime() + ANSWER;
    byte[] body = ascii("drover: " + text + "\n");
    String head =
        "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n";
    pending =
        ByteBuffer.allocate(1024 + body.length)
            .put(ascii(head.formatted(code, reason, body.length)))
            .put(body)
            .flip();
    client.wants(true, true);
  }

  /** What the client still sends is read, so that it gets to read the answer. */
  private void finishAnswer() throws IOException {
    ByteBuffer text = pending;
    if (text != null) {
      client.channel.write(text);
      if (!text.hasRemaining()) {
        pending = null;
        client.channel.shutdownOutput();
        client.wants(true, false);
      }
    }
    client.read.clear();
    client.fill();
    if (client.ended) {
      close();
    }
  }

  void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      Door.closeQuietly(client.channel);
      if (upstream != null) {
        Door.closeQuietly(upstream.channel);
      }
      door.tunnels.remove(this);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
