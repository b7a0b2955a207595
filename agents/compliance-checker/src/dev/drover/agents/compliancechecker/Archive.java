package dev.drover.agents.compliancechecker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * What of a jar may tell its licence. Entries are read up to a bound and by their names alone:
 * nothing is unpacked to disk.
 */
final class Archive {
  private static final int MOST_ENTRIES = 300_000;
  private static final int MOST_BYTES = 2 << 20;
  private static final int MOST_KEPT = 200;
  private static final int MOST_NESTED = 2_000;
  private static final Pattern POM = Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.xml");
  private static final Pattern LICENCE =
      Pattern.compile(
          "(META-INF/)?(LICEN[CS]E|COPYING|UNLICENSE)[^/]{0,40}", Pattern.CASE_INSENSITIVE);
  private static final Pattern NESTED =
      Pattern.compile("(BOOT-INF|WEB-INF|APP-INF)/lib/[^/]+\\.jar|lib/[^/]+\\.jar");
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private final Map<String, byte[]> entries = new TreeMap<>();

  /** What is done with a jar inside of a jar, whose stream is read once and not closed. */
  interface Inner {
    void jar(String name, Archive archive);
  }

  static Archive open(Path file, Inner inner) throws Unreadable {
    Archive archive = new Archive();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Enumeration<? extends ZipEntry> all = zip.entries();
      int nested = 0;
      for (int count = 0; all.hasMoreElements() && count < MOST_ENTRIES; count++) {
        ZipEntry entry = all.nextElement();
        if (archive.wants(entry.getName())) {
          try (InputStream in = zip.getInputStream(entry)) {
            archive.keep(entry.getName(), in);
          }
        } else if (NESTED.matcher(entry.getName()).matches() && nested++ < MOST_NESTED) {
          try (InputStream in = zip.getInputStream(entry)) {
            inner.jar(entry.getName(), stream(in));
          }
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new Unreadable("it is no readable jar");
    }
    return archive;
  }

  private static Archive stream(InputStream jar) throws IOException {
    Archive archive = new Archive();
    ZipInputStream zip = new ZipInputStream(jar);
    int count = 0;
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (archive.wants(entry.getName())) {
        archive.keep(entry.getName(), zip);
      }
      if (++count > MOST_ENTRIES) {
        throw new IOException("too many entries");
      }
    }
    return archive;
  }

  private boolean wants(String name) {
    return entries.size() < MOST_KEPT
        && (name.equals(MANIFEST)
            || POM.matcher(name).matches()
            || (LICENCE.matcher(name).matches() && !name.endsWith(".class")));
  }

  private void keep(String name, InputStream in) throws IOException {
    entries.put(name, in.readNBytes(MOST_BYTES));
  }

  /** The project files in it, by their entries' names. */
  List<byte[]> poms() {
    return entries.entrySet().stream()
        .filter(entry -> POM.matcher(entry.getKey()).matches())
        .map(Map.Entry::getValue)
        .toList();
  }

  byte[] manifest() {
    return entries.getOrDefault(MANIFEST, new byte[0]);
  }

  /** Texts of licences, those with the plainest names first. */
  List<Map.Entry<String, byte[]>> licences() {
    return Collections.unmodifiableList(
        entries.entrySet().stream()
            .filter(entry -> LICENCE.matcher(entry.getKey()).matches())
            .sorted(
                Comparator.comparing((Map.Entry<String, byte[]> entry) -> entry.getKey().length())
                    .thenComparing(Map.Entry::getKey))
            .toList());
  }
}
