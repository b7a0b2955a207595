package dev.drover.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LogStreamTest {
  private final List<LogLine> lines = new ArrayList<>();

  private final List<CompletableFuture<Void>> acknowledgements = new ArrayList<>();
  private final LogHandover handover = new LogHandover(this::keep, Runnable::run, () -> {});

  private CompletableFuture<?> keep(List<LogLine> batch) {
    lines.addAll(batch);
    acknowledgements.add(new CompletableFuture<>());
    return acknowledgements.get(acknowledgements.size() - 1);
  }

  private LogStream stream(long limit) {
    return new LogStream(
        limit, SecretMask.NONE, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), handover);
  }

  private static void write(LogStream stream, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (byte b : bytes) {
      assertThat(stream.accept(new byte[] {b}, 0, 1)).isEqualTo(1);
    }
  }

  private List<String> texts() {
    handover.flush();
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
  void bytesAreTakenOnlyAsLongAsThereIsRoomForTheirLines() {
    LogStream stream = stream(1 << 20);
    byte[] bytes = "ab\n".repeat(LogHandover.MOST_LINES + 5).getBytes(StandardCharsets.UTF_8);

    int taken = stream.accept(bytes, 0, bytes.length);
    assertThat(taken).isEqualTo(3 * LogHandover.MOST_LINES);
    assertThat(stream.accept(bytes, taken, bytes.length)).isEqualTo(taken);
    assertThat(texts()).hasSize(LogHandover.MOST_LINES);

    acknowledgements.get(0).complete(null);
    assertThat(stream.accept(bytes, taken, bytes.length)).isEqualTo(bytes.length);
    assertThat(texts()).hasSize(LogHandover.MOST_LINES + 5).containsOnly("ab");
  }

  @Test
  void longLinesLeaveRoomForFewer() {
    LogStream stream = stream(10 << 20);
    byte[] bytes = ("x".repeat(10_239) + "\n").repeat(200).getBytes(StandardCharsets.UTF_8);

    stream.accept(bytes, 0, bytes.length);

    assertThat(texts()).hasSize(103); // the last of them goes beyond a mebibyte
  }

  @Test
  void aFailedAcknowledgementMakesRoomToo() {
    LogStream stream = stream(1 << 20);
    byte[] bytes = "\n".repeat(LogHandover.MOST_LINES).getBytes(StandardCharsets.UTF_8);
    stream.accept(bytes, 0, bytes.length);
    handover.flush();
    assertThat(handover.isFull()).isTrue();

    acknowledgements.get(0).completeExceptionally(new IllegalStateException("no database"));

    assertThat(handover.isFull()).isFalse();
  }

  @Test
  void whatIsGivenUpLeavesAMark() {
    LogStream stream = stream(1_000);
    write(stream, "one\ntw");
    stream.giveUp();

    assertThat(texts()).containsExactly("one", "tw", "[log cut: the rest could not be taken]");
  }

  @Test
  void aLogThatJustFitsIsNotCut() {
    LogStream stream = stream(8);
    write(stream, "one\ntwo\n");

    assertThat(stream.isCut()).isFalse();
    assertThat(texts()).containsExactly("one", "two");
  }
}
