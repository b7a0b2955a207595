package dev.drover.egress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One end of a tunnel: its channel, and what was read of it and is not written to the other. */
final class Side {
  private static final int BUFFER = 16 << 10;

  final SocketChannel channel;
  final ByteBuffer read = ByteBuffer.allocate(BUFFER);

  /** Whether it sends no more. */
  boolean ended;

  /** Whether it is sent no more. */
  boolean shut;

  private final SelectionKey key;

  private Side(SocketChannel channel, SelectionKey key) {
    this.channel = channel;
    this.key = key;
  }

  static Side of(SocketChannel channel, Selector selector, int interest, Tunnel tunnel)
      throws IOException {
    channel.configureBlocking(false);
    return new Side(channel, channel.register(selector, interest, tunnel));
  }

  void fill() throws IOException {
    if (!ended && read.hasRemaining()) {
      ended = channel.read(read) < 0;
    }
  }

  /** Writes what was read there, and its end once all is written. */
  void drain(Side from) throws IOException {
    if (shut) {
      return; // even to write nothing is a fault then
    }
    from.read.flip();
    channel.write(from.read);
    from.read.compact();
    if (from.ended && from.read.position() == 0) {
      shut = true;
      channel.shutdownOutput();
    }
  }

  void wants(boolean toRead, boolean toWrite) {
    if (key.isValid()) {
      int read = toRead ? SelectionKey.OP_READ : 0;
      key.interestOps(read | (toWrite ? SelectionKey.OP_WRITE : 0));
    }
  }
}
