package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogStreamTest {
  private final List<LogLine> lines = new ArrayList<>();

  private LogStream stream(long limit) {
    return new LogStream(
        limit, SecretMask.NONE, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), lines::add);
  }

  private static void write(LogStream stream, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      stream.accept(new byte[] {b}, 1);
    }
  }

  private List<String> texts() {
    return lines.stream().map(LogLine::text).toList();
  }

  @Test
  void charactersThatArriveInPiecesAreWhole() {
    LogStream stream = stream(1_000);
    write(stream, "äöü €\n\nend");
    stream.end();

    assertThat(texts()).containsExactly("äöü €", "", "end");
  }

  @Test
  void aLongLineIsNotBrokenWithinACharacter() {
    LogStream stream = stream(1 << 20);
    write(stream, "x".repeat(LogStream.MAX_LINE - 1) + "€" + "y".repeat(10) + "\n");

    assertThat(texts())
        .containsExactly(
            "x".repeat(LogStream.MAX_LINE - 1) + LogStream.CONTINUES, "€" + "y".repeat(10));
  }

  @Test
  void theLimitEndsTheLogWithOneMark() {
    LogStream stream = stream(10);
    write(stream, "one\ntwo\nthree\nfour\n");
    stream.end();

    assertThat(texts()).containsExactly("one", "two", "th", "[log cut at 10 bytes]");
    assertThat(stream.isCut()).isTrue();
    assertThat(stream.tail()).containsExactly("four");
  }

  @Test
  void aLogThatJustFitsIsNotCut() {
    LogStream stream = stream(8);
    write(stream, "one\ntwo\n");

    assertThat(stream.isCut()).isFalse();
    assertThat(texts()).containsExactly("one", "two");
  }
}
