package dev.drover.alert;

import dev.drover.alert.AlertUpkeep.SetAside;
import dev.drover.name.ProjectName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows in the store what a spool has set aside. The files stay for a person to look at. */
final class SetAsides {
  private static final String REASON = ".reason";
  private static final Pattern NAME =
      Pattern.compile("([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\\.reason");
  private static final int MOST_RAW = 64 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(SetAsides.class);

  private final Path folder;
  private final Set<Path> unreadable = new HashSet<>();

  SetAsides(Path folder) {
    this.folder = folder;
  }

  /**
   * Shows those that are not shown yet. One that can't be read is tried again, and keeps no other.
   */
  void tell(AlertUpkeep upkeep) throws IOException {
    for (Path reason : list(REASON)) {
      Matcher name = NAME.matcher(reason.getFileName().toString());
      if (name.matches()) {
        tell(upkeep, UUID.fromString(name.group(1)), reason);
      }
    }
  }

  private void tell(AlertUpkeep upkeep, UUID id, Path reason) {
    try {
      upkeep.quarantine(describe(id, reason));
      Files.delete(reason);
    } catch (IOException e) {
      if (unreadable.add(reason)) {
        LOG.atWarn()
            .addKeyValue("file", reason)
            .setCause(e)
            .log("What the spool has set aside can't be shown");
      }
    }
  }

  private SetAside describe(UUID id, Path reason) throws IOException {
    Optional<Path> file = list("-" + id + ".delivery").stream().findFirst();
    Instant at = Files.getLastModifiedTime(reason).toInstant();
    Optional<ProjectName> project = Optional.empty();
    String subject = "a delivery in the spool";
    String raw = "";
    if (file.isPresent()) {
      try {
        raw = start(file.get());
        SpoolFile header = SpoolFile.header(file.get());
        project = Optional.of(header.sender().project());
        subject =
            "a delivery of " + header.sender().name() + ", received at " + header.receivedAt();
      } catch (IOException e) {
        subject = "a delivery in the spool, whose file can't be read";
      } catch (SpoolFile.Damaged e) {
        subject = "a delivery in the spool, whose sender can't be read";
      }
      subject += "; whole in " + file.get();
    }
    return new SetAside(id, at, project, subject, Files.readString(reason), raw);
  }

  private static String start(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MOST_RAW), StandardCharsets.UTF_8);
    }
  }

  private List<Path> list(String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }
}
