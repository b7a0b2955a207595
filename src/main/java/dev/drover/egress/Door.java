package dev.drover.egress;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One program's way out: a Unix socket at which the proxy knows which hosts it may reach. */
public final class Door implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);

  /** More of them are no news. */
  private static final int MOST_REFUSALS = 20;

  /** Further connections wait until one of these is closed. */
  static final int MOST_TUNNELS = 64;

  private final EgressProxy proxy;
  private final HostList hosts;
  private final Path socket;
  private final Consumer<String> onRefusal;
  private final ServerSocketChannel server;
  private final Set<String> refused = new HashSet<>();
  private final List<String> told = new ArrayList<>();

  /** Of the proxy's thread. */
  final Set<Tunnel> tunnels = new HashSet<>();

  Door(EgressProxy proxy, HostList hosts, Path socket, Consumer<String> onRefusal)
      throws IOException {
    this.proxy = proxy;
    this.hosts = hosts;
    this.socket = socket;
    this.onRefusal = onRefusal;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.configureBlocking(false);
      server.bind(UnixDomainSocketAddress.of(socket), MOST_TUNNELS);
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Where the program, or what forwards for it, connects to. */
  public Path socket() {
    return socket;
  }

  /** What was refused since it was last forgotten, each host once, and why; at most some. */
  public List<String> refusals() {
    synchronized (refused) {
      return List.copyOf(told);
    }
  }

  /** From now on each host is told once more. */
  public void forgetRefusals() {
    synchronized (refused) {
      refused.clear();
      told.clear();
    }
  }

  HostList hosts() {
    return hosts;
  }

  ServerSocketChannel server() {
    return server;
  }

  void refuse(String where, String why) {
    synchronized (refused) {
      if (refused.size() >= MOST_REFUSALS || !refused.add(where)) {
        return;
      }
      told.add(where + " (" + why + ")");
    }
    onRefusal.accept(why);
  }

  /** Ends every connection and takes no more. */
  @Override
  public void close() {
    proxy.post(
        () -> {
          closeQuietly(server);
          List.copyOf(tunnels).forEach(Tunnel::close);
          proxy.closed(this);
        });
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      LOG.atWarn().setCause(e).addKeyValue("socket", socket).log("A socket was not deleted");
    }
  }

  static void closeQuietly(java.io.Closeable channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("A connection could not be closed");
    }
  }
}
