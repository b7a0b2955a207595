package dev.drover.alert;

import dev.drover.run.TraceParent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder in which deliveries wait while the store is away, a file each. What {@link #put}
 * accepted survives any crash. A file is removed only after its delivery is stored; one that was
 * stored and not yet removed is stored again under the same id, which does nothing.
 */
public final class Spool {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
  private static final Pattern NAME =
      Pattern.compile("([0-8]\\d{18})-([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\\.delivery");

  private final Path folder;
  private final Path quarantine;
  private final long limit;
  // Guarded by this.
  private final TreeMap<Long, Entry> waiting = new TreeMap<>();
  private final Map<AlertSource, Integer> senders = new HashMap<>();
  private long bytes;
  private long next = 1;

  private Spool(Path folder, long limit) {
    this.folder = folder;
    this.quarantine = folder.resolve("quarantine");
    this.limit = limit;
  }

  /**
   * A delivery that waits.
   *
   * @param sender null if not even that can be read
   */
  record Entry(
      long number,
      UUID id,
      Path file,
      long size,
      @Nullable AlertSource sender,
      Instant at,
      Optional<TraceParent> trace) {}

  /**
   * Opens a spool, with what waits in it since before.
   *
   * @param folder made if it is not there; of this process alone
   * @param limit bytes that may wait; 0: nothing is taken in, what waits is still given out
   * @throws IOException if the folder can't be used
   */
  public static Spool open(Path folder, long limit) throws IOException {
    Spool spool = new Spool(folder, limit);
    Files.createDirectories(spool.quarantine, ownersOnly(folder));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        spool.find(file);
      }
    }
    if (!spool.waiting.isEmpty()) {
      LOG.atInfo().addKeyValue("deliveries", spool.size()).log("Deliveries wait in the spool");
    }
    return spool;
  }

  private static FileAttribute<?>[] ownersOnly(Path folder) {
    boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** A single file that can't be read must not keep a server from starting. */
  private void find(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    try {
      if (name.matches()) {
        long number = Long.parseLong(name.group(1));
        next = Math.max(next, number + 1);
        find(number, UUID.fromString(name.group(2)), file);
      } else if (file.toString().endsWith(".tmp")) {
        Files.delete(file); // nobody was told that it was accepted
      }
    } catch (IOException e) {
      LOG.atError().addKeyValue("file", file).setCause(e).log("A file of the spool is unusable");
    }
  }

  private void find(long number, UUID id, Path file) throws IOException {
    AlertSource sender = null;
    Instant at = Instant.EPOCH;
    Optional<TraceParent> trace = Optional.empty();
    try {
      long size = SpoolFile.onDisk(Files.size(file));
      at = Files.getLastModifiedTime(file).toInstant();
      try {
        SpoolFile header = SpoolFile.header(file);
        sender = header.sender();
        at = header.receivedAt();
        trace = header.trace();
      } catch (SpoolFile.Damaged e) { // it is set aside when its turn comes
        LOG.atWarn().addKeyValue("file", file).setCause(e).log("A file of the spool is damaged");
      }
      add(new Entry(number, id, file, size, sender, at, trace));
    } catch (IOException e) {
      moveAside(id, file, "its file can't be read: " + e.getMessage());
    }
  }

  /** Whether it takes nothing in. */
  boolean isOff() {
    return limit == 0;
  }

  /** Whether deliveries of this sender wait: later ones have to wait behind them. */
  synchronized boolean holds(AlertSource sender) {
    return senders.containsKey(sender);
  }

  /**
   * Keeps a delivery. When this returns true, it is on the disk.
   *
   * @return false if there is no room
   * @throws IOException if it can't be written; then it is not kept
   */
  boolean put(Receipt receipt) throws IOException {
    byte[] content = SpoolFile.encode(receipt);
    long size = SpoolFile.onDisk(content.length);
    long number = reserve(receipt.sender(), size);
    if (number == 0) {
      return false;
    }
    String name = String.format(Locale.ROOT, "%019d-%s.delivery", number, receipt.delivery());
    Path file = folder.resolve(name);
    Path unfinished = folder.resolve(name + ".tmp");
    boolean kept = false;
    try {
      SpoolFile.write(unfinished, content);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      syncFolder();
      kept = true;
    } finally {
      if (!kept) {
        release(receipt.sender(), size);
        Files.deleteIfExists(unfinished);
        Files.deleteIfExists(file);
      }
    }
    written(
        new Entry(
            number,
            receipt.delivery(),
            file,
            size,
            receipt.sender(),
            receipt.receivedAt(),
            receipt.trace()));
    return true;
  }

  /** What the sender sends while this is being written has to go behind it already. */
  private synchronized long reserve(AlertSource sender, long size) {
    if (bytes + size > limit) {
      return 0;
    }
    take(sender, size);
    return next++;
  }

  private void take(@Nullable AlertSource sender, long size) {
    bytes += size;
    if (sender != null) {
      senders.merge(sender, 1, Integer::sum);
    }
  }

  private synchronized void release(@Nullable AlertSource sender, long size) {
    bytes -= size;
    if (sender != null) {
      senders.computeIfPresent(sender, (s, n) -> n == 1 ? null : n - 1);
    }
  }

  private synchronized void add(Entry entry) {
    take(entry.sender, entry.size);
    waiting.put(entry.number, entry);
  }

  private synchronized void written(Entry entry) {
    waiting.put(entry.number, entry);
  }

  /** A new name is durable when its folder is; Windows knows no such thing. */
  private void syncFolder() throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** How many deliveries wait. */
  public synchronized int size() {
    return waiting.size();
  }

  /** When the first that waits was received. */
  public synchronized Optional<Instant> oldest() {
    return first().map(Entry::at);
  }

  /** The first that waits. */
  synchronized Optional<Entry> first() {
    return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.firstEntry().getValue());
  }

  /** Removes a delivery that is stored. */
  void remove(Entry entry) throws IOException {
    Files.deleteIfExists(entry.file);
    forget(entry);
  }

  /** Gives up a delivery whose file somebody has taken away. */
  void miss(Entry entry) {
    LOG.atError()
        .addKeyValue("file", entry.file.getFileName())
        .log("A file of the spool is gone; its delivery is lost");
    forget(entry);
  }

  private synchronized void forget(Entry entry) {
    waiting.remove(entry.number);
    release(entry.sender, entry.size);
  }

  /** Sets a delivery aside that can't be stored, so that those behind it can. */
  void setAside(Entry entry, String reason) throws IOException {
    moveAside(entry.id, entry.file, reason);
    forget(entry);
  }

  private void moveAside(UUID id, Path file, String reason) throws IOException {
    LOG.atError()
        .addKeyValue("file", file.getFileName())
        .addKeyValue("reason", reason)
        .log("A delivery of the spool can't be stored and is set aside");
    Files.writeString(quarantine.resolve(id + ".reason"), reason);
    if (Files.exists(file)) {
      Files.move(file, quarantine.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * Where deliveries are that were set aside, each with a file of its reason until that is told.
   */
  Path quarantine() {
    return quarantine;
  }
}
