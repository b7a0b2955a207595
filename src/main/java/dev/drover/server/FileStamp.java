package dev.drover.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What a file looked like. Time and size tell it from what it becomes later, unless it is written
 * again at once: file systems count time in steps of some milliseconds, and more. So what was
 * looked at soon after it was written is looked into.
 *
 * @param isYoung whether it may still change without its time
 * @param content a checksum, of a young file only
 */
record FileStamp(FileTime modified, long size, boolean isYoung, long content) {
  /** Is the same as none. */
  static final FileStamp NONE = new FileStamp(FileTime.fromMillis(0), -1, false, 0);

  /** The coarsest that file systems count time in: FAT's two seconds. */
  private static final Duration STEP = Duration.ofSeconds(2);

  /**
   * Looks at a file.
   *
   * @param before what it looked like the last time, if it was there
   */
  static FileStamp of(Path file, BasicFileAttributes now, @Nullable FileStamp before) {
    FileTime modified = now.lastModifiedTime();
    boolean isYoung = modified.toMillis() > System.currentTimeMillis() - STEP.toMillis();
    if (before == null || !before.modified.equals(modified) || before.size != now.size()) {
      return new FileStamp(modified, now.size(), isYoung, isYoung ? checksum(file) : 0);
    }
    return before.isYoung ? new FileStamp(modified, now.size(), isYoung, checksum(file)) : before;
  }

  /** Whether nothing has changed in between. */
  boolean isSameAs(@Nullable FileStamp other) {
    return other != null
        && size >= 0
        && modified.equals(other.modified)
        && size == other.size
        && content == other.content;
  }

  /** Of what can't be read it is 0: whoever loads the file says why. */
  private static long checksum(Path file) {
    CRC32 sum = new CRC32();
    try (InputStream in = Files.newInputStream(file)) {
      long unused = in.transferTo(new CheckedOutputStream(OutputStream.nullOutputStream(), sum));
    } catch (IOException e) {
      return 0;
    }
    return sum.getValue();
  }
}
