package dev.drover.egress;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small HTTP proxy on Unix sockets that leads to listed hosts only. It is the single way out of a
 * sandbox without network. One thread carries all connections; names are looked up on few others.
 */
public final class EgressProxy implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EgressProxy.class);
  private static final long SWEEP_MILLIS = 500;
  private static final int LOOKUPS = 16;
  private static final int WAITING_LOOKUPS = 512;

  private final Path folder;
  private final Resolver resolver;
  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Set<Door> doors = new HashSet<>();
  private final AtomicLong ids = new AtomicLong();
  private final ThreadPoolExecutor lookups;
  private final Thread thread;
  private volatile boolean closed;

  private EgressProxy(Path folder, Resolver resolver) throws IOException {
    this.folder = folder;
    this.resolver = resolver;
    this.selector = Selector.open();
    this.lookups =
        new ThreadPoolExecutor(
            LOOKUPS,
            LOOKUPS,
            10,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_LOOKUPS),
            work -> daemon(work, "egress-lookup"));
    lookups.allowCoreThreadTimeOut(true);
    this.thread = daemon(this::run, "egress-proxy");
  }

  /** Starts a proxy that has no door yet. */
  public static EgressProxy start(Resolver resolver) throws IOException {
    // Only this user may enter: whoever can open a socket in it could use an agent's way out.
    EgressProxy proxy =
        new EgressProxy(Files.createTempDirectory("drover-egress").toRealPath(), resolver);
    proxy.thread.start();
    return proxy;
  }

  /**
   * Opens a way out.
   *
   * @param onRefusal told why, once for each host that was refused, on the proxy's thread; not
   *     which, for its name may hold what the program must keep
   */
  public Door open(HostList hosts, Consumer<String> onRefusal) throws IOException {
    if (!Files.exists(folder)) { // somebody has tidied up the folder of temporary files
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path socket = folder.resolve(String.valueOf(ids.incrementAndGet()));
    Door door = new Door(this, hosts, socket, onRefusal);
    post(() -> watch(door));
    return door;
  }

  void post(Runnable task) {
    tasks.add(task);
    selector.wakeup();
  }

  /** Looks a host up elsewhere and says so on the proxy's thread. */
  void lookUp(HostList hosts, RequestHead.Request request, Consumer<Destination> found) {
    try {
      lookups.execute(
          () -> {
            Destination where = Destination.of(hosts, request.host(), request.port(), resolver);
            post(() -> found.accept(where));
          });
    } catch (RejectedExecutionException e) {
      found.accept(new Destination.Unknown("too many names are being looked up"));
    }
  }

  Selector selector() {
    return selector;
  }

  void closed(Door door) {
    doors.remove(door);
  }

  private void watch(Door door) {
    try {
      doors.add(door);
      door.server().register(selector, SelectionKey.OP_ACCEPT, door);
    } catch (ClosedChannelException e) {
      doors.remove(door); // closed before anybody came
    }
  }

  private void run() {
    while (!closed) {
      try {
        selector.select(this::ready, SWEEP_MILLIS);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        long now = System.nanoTime();
        for (Door door : List.copyOf(doors)) {
          List.copyOf(door.tunnels).forEach(tunnel -> tunnel.expire(now));
          resume(door);
        }
      } catch (IOException | RuntimeException | Error e) { // without it no agent gets out
        LOG.atError().setCause(e).log("The proxy of agents met a fault and goes on");
      }
    }
    List.copyOf(doors).forEach(door -> List.copyOf(door.tunnels).forEach(Tunnel::close));
    doors.forEach(door -> Door.closeQuietly(door.server()));
    Door.closeQuietly(selector);
  }

  private void ready(SelectionKey key) {
    if (key.attachment() instanceof Door door) {
      accept(door, key);
    } else if (key.attachment() instanceof Tunnel tunnel) {
      tunnel.ready();
    }
  }

  private void accept(Door door, SelectionKey key) {
    try {
      SocketChannel client = door.server().accept();
      if (client != null) {
        door.tunnels.add(Tunnel.of(this, door, client));
      }
      if (door.tunnels.size() >= Door.MOST_TUNNELS) {
        key.interestOps(0);
      }
    } catch (IOException e) {
      key.interestOps(0); // until the next sweep: it may be for want of file descriptors
      LOG.atWarn().setCause(e).log("A connection of an agent was not accepted");
    }
  }

  private void resume(Door door) {
    SelectionKey key = door.server().keyFor(selector);
    if (key != null && key.isValid() && door.tunnels.size() < Door.MOST_TUNNELS) {
      key.interestOps(SelectionKey.OP_ACCEPT);
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    lookups.shutdownNow();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
      try (var left = Files.list(folder)) {
        for (Path socket : left.toList()) {
          Files.deleteIfExists(socket);
        }
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.atWarn().setCause(e).addKeyValue("folder", folder).log("Sockets were not deleted");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }
}
