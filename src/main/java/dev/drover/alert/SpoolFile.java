package dev.drover.alert;

import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import dev.drover.name.ProjectName;
import dev.drover.run.TraceParent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A delivery as a file: a line of JSON that says from whom and when, and the body. Length and
 * checksum tell a damaged one.
 *
 * @param trace where it is in a trace; files of older versions do not say so
 * @param bytes the body's length
 */
record SpoolFile(
    AlertSource sender, Instant receivedAt, Optional<TraceParent> trace, long bytes, long crc32) {
  private static final int MAX_HEADER = 8 << 10;

  /** The file can't be read as what it was written as. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  /** What is to be written. */
  static byte[] encode(Receipt receipt) {
    byte[] body = receipt.body().text().getBytes(StandardCharsets.UTF_8);
    byte[] line =
        new SpoolFile(
                receipt.sender(),
                receipt.receivedAt(),
                receipt.trace(),
                body.length,
                checksum(body))
            .line();
    return ByteBuffer.allocate(line.length + body.length).put(line).put(body).array();
  }

  /** Writes a file; when this returns, its content is on the disk, though not its name. */
  static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** A small file takes a block. */
  static long onDisk(long bytes) {
    return Math.max(4 << 10, bytes);
  }

  /** Reads what it says of itself. */
  static SpoolFile header(Path file) throws IOException, Damaged {
    try (InputStream in = Files.newInputStream(file)) {
      return parse(in.readNBytes(MAX_HEADER));
    }
  }

  /** Reads the body. */
  static String body(Path file) throws IOException, Damaged {
    byte[] all = Files.readAllBytes(file);
    SpoolFile header = parse(all);
    int from = endOfLine(all) + 1;
    byte[] body = Arrays.copyOfRange(all, from, all.length);
    if (body.length != header.bytes) {
      throw new Damaged("it has " + body.length + " bytes, not " + header.bytes);
    } else if (checksum(body) != header.crc32) {
      throw new Damaged("its checksum is wrong");
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private byte[] line() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("project", sender.project().value());
    json.put("source", sender.name());
    json.put("receivedAt", receivedAt.toString());
    trace.ifPresent(place -> json.put("traceparent", place.toString()));
    json.put("bytes", bytes);
    json.put("crc32", crc32);
    return (Json.print(json) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static SpoolFile parse(byte[] start) throws Damaged {
    int end = endOfLine(start);
    if (end < 0) {
      throw new Damaged("it has no first line");
    }
    try {
      Map<String, Object> json =
          Json.asObject(Json.parse(new String(start, 0, end, StandardCharsets.UTF_8)));
      return new SpoolFile(
          new AlertSource(
              new ProjectName(String.valueOf(json.get("project"))),
              String.valueOf(json.get("source"))),
          Instant.parse(String.valueOf(json.get("receivedAt"))),
          TraceParent.of(String.valueOf(json.get("traceparent"))),
          ((Number) json.getOrDefault("bytes", -1L)).longValue(),
          ((Number) json.getOrDefault("crc32", -1L)).longValue());
    } catch (InvalidJson | DateTimeException | IllegalArgumentException | ClassCastException e) {
      throw new Damaged("its first line can't be read: " + e.getMessage());
    }
  }

  private static int endOfLine(byte[] bytes) {
    for (int i = 0; i < Math.min(bytes.length, MAX_HEADER); i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private static long checksum(byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return crc.getValue();
  }
}
