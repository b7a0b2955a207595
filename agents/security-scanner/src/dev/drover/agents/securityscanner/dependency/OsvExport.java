package dev.drover.agents.securityscanner.dependency;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * An export of osv.dev on disk: a zip of records, or a folder with such zips or with records. Zips
 * are told by their first bytes, for a mount does not keep a file's name.
 */
public final class OsvExport {
  private static final int LARGEST_RECORD = 32 << 20;
  private static final long MOST_RECORDS = 5_000_000;

  private final Path path;
  private long records;
  private long unreadable;

  /** Nothing is opened yet. */
  public OsvExport(Path path) {
    this.path = path;
  }

  /** Reads all of it once, and tells which dependencies have known faults. */
  public List<Vulnerability> check(Set<Dependency> dependencies) throws IOException {
    Findings findings = new Findings(dependencies);
    OsvReader reader = new OsvReader(findings::knows);
    if (Files.isDirectory(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted().toList()) {
          if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            file(file, reader, findings);
          }
        }
      }
    } else {
      file(path, reader, findings);
    }
    return findings.vulnerabilities();
  }

  /** How many records were read; complete after {@link #check}. */
  public long records() {
    return records;
  }

  /** How many files or entries are no records; complete after {@link #check}. */
  public long unreadable() {
    return unreadable;
  }

  private void file(Path file, OsvReader reader, Findings findings) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.mark(2);
      boolean zip = in.read() == 'P' && in.read() == 'K';
      in.reset();
      if (zip) {
        zip(in, reader, findings);
      } else if (file.toString().endsWith(".json") || file.equals(path)) {
        record(in, reader, findings);
      }
    }
  }

  private void zip(InputStream in, OsvReader reader, Findings findings) throws IOException {
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (!entry.isDirectory() && entry.getName().endsWith(".json")) {
        record(zip, reader, findings);
      }
    }
  }

  /** One that can't be read must not hide the others. */
  private void record(InputStream in, OsvReader reader, Findings findings) throws IOException {
    byte[] json = in.readNBytes(LARGEST_RECORD + 1);
    if (++records > MOST_RECORDS) {
      throw new IOException("more than " + MOST_RECORDS + " records");
    }
    if (json.length > LARGEST_RECORD) {
      unreadable++;
      return;
    }
    try {
      reader.read(json).ifPresent(findings::add);
    } catch (IOException e) {
      unreadable++;
    }
  }
}
