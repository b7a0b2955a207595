package dev.drover.alert;

import static dev.drover.alert.AlertFixtures.NOW;
import static dev.drover.alert.AlertFixtures.body;
import static dev.drover.alert.AlertFixtures.firing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.name.ProjectName;
import dev.drover.run.TraceParent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SpoolIT {
  private static final long ROOMY = 100 << 20;

  @TempDir private Path home;
  private Path folder;

  @BeforeEach
  void folder() {
    folder = home.resolve("spool");
  }

  @Test
  void givesOutWhatItTookInThatOrder() throws Exception {
    Spool spool = Spool.open(folder, ROOMY);
    List<Receipt> receipts = IntStream.range(0, 20).mapToObj(i -> receipt("am", "f" + i)).toList();
    for (Receipt receipt : receipts) {
      assertThat(spool.put(receipt)).isTrue();
    }

    assertThat(spool.size()).isEqualTo(20);
    assertThat(drain(spool)).isEqualTo(receipts.stream().map(Receipt::delivery).toList());
    assertThat(files()).isEmpty();
    assertThat(spool.oldest()).isEmpty();
  }

  @Test
  void keepsAllOfADelivery() throws Exception {
    Spool spool = Spool.open(folder, ROOMY);
    Receipt receipt = receipt("ä source\n{}", "f");
    spool.put(receipt);

    Spool.Entry entry = Spool.open(folder, ROOMY).first().orElseThrow();

    assertThat(entry.id()).isEqualTo(receipt.delivery());
    assertThat(entry.sender()).isEqualTo(receipt.sender());
    assertThat(entry.at()).isEqualTo(receipt.receivedAt());
    assertThat(SpoolFile.body(entry.file())).isEqualTo(receipt.body().text());
  }

  @Test
  void keepsItsPlaceInATraceAndDoesNotAskItOfFilesOfOlderVersions() throws Exception {
    Optional<TraceParent> place =
        TraceParent.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    Receipt plain = receipt("am", "a");
    Spool spool = Spool.open(folder, 1_000_000);
    put(spool, plain);
    put(
        spool,
        new Receipt(UUID.randomUUID(), plain.sender(), plain.receivedAt(), plain.body(), place));
    assertThat(Files.readString(spool.first().orElseThrow().file())).doesNotContain("traceparent");
    Spool next = Spool.open(folder, 1_000_000);
    Spool.Entry older = next.first().orElseThrow();
    assertThat(older.trace()).isEmpty();
    next.remove(older);
    assertThat(next.first().orElseThrow().trace()).isEqualTo(place);
  }

  @Test
  void whatWaitsSurvivesARestartInItsOrderAndIsBeforeWhatComesThen() throws Exception {
    Spool before = Spool.open(folder, ROOMY);
    List<Receipt> receipts = IntStream.range(0, 5).mapToObj(i -> receipt("am", "f" + i)).toList();
    for (Receipt receipt : receipts.subList(0, 4)) {
      before.put(receipt);
    }

    Spool after = Spool.open(folder, ROOMY);
    assertThat(after.holds(receipts.get(0).sender())).isTrue();
    assertThat(after.oldest()).contains(NOW);
    after.put(receipts.get(4));

    assertThat(drain(after)).isEqualTo(receipts.stream().map(Receipt::delivery).toList());
    assertThat(after.holds(receipts.get(0).sender())).isFalse();
  }

  @Test
  void whatWasNotFinishedIsGoneAfterARestart() throws Exception {
    Spool.open(folder, ROOMY);
    Path unfinished = folder.resolve("0000000000000000001-" + UUID.randomUUID() + ".delivery.tmp");
    Files.writeString(unfinished, "{\"proj");
    Path foreign = Files.writeString(folder.resolve("README"), "hello");

    assertThat(Spool.open(folder, ROOMY).size()).isZero();
    assertThat(files()).containsExactly(foreign);
  }

  @Test
  void holdsSendersOneByOne() throws Exception {
    Spool spool = Spool.open(folder, ROOMY);
    spool.put(receipt("a", "f1"));
    spool.put(receipt("a", "f2"));

    assertThat(spool.holds(receipt("b", "f").sender())).isFalse();
    spool.remove(spool.first().orElseThrow());
    assertThat(spool.holds(receipt("a", "f").sender())).isTrue();
    spool.remove(spool.first().orElseThrow());
    assertThat(spool.holds(receipt("a", "f").sender())).isFalse();
  }

  /** What is still being written is ahead of what comes meanwhile. */
  @Test
  void holdsASenderWhileItsFirstDeliveryIsWritten() throws Exception {
    Spool spool = Spool.open(folder, ROOMY);
    AlertSource sender = receipt("a", "f").sender();
    boolean seen = false;
    for (int i = 0; i < 200 && !seen; i++) {
      Receipt receipt = receipt("a", "f" + i);
      CompletableFuture<Boolean> put = CompletableFuture.supplyAsync(() -> put(spool, receipt));
      while (!spool.holds(sender) && !put.isDone()) {
        Thread.onSpinWait();
      }
      seen = spool.size() == 0 && spool.holds(sender);
      assertThat(put.get(10, TimeUnit.SECONDS)).isTrue();
      drain(spool);
      assertThat(spool.holds(sender)).isFalse();
    }
    assertThat(seen).as("held before it is on the disk").isTrue();
  }

  @Test
  void takesNoMoreThanItsLimitAlsoAfterARestart() throws Exception {
    Spool spool = Spool.open(folder, 3 * 4096);
    for (int i = 0; i < 3; i++) {
      assertThat(spool.put(receipt("am", "f" + i))).isTrue();
    }

    assertThat(spool.put(receipt("am", "f3"))).isFalse();
    Spool again = Spool.open(folder, 3 * 4096);
    assertThat(again.put(receipt("am", "f3"))).isFalse();
    again.remove(again.first().orElseThrow());
    assertThat(again.put(receipt("am", "f3"))).isTrue();
    assertThat(files()).hasSize(3);
  }

  @Test
  void switchedOffItTakesNothingAndStillGivesOutWhatWaits() throws Exception {
    Spool.open(folder, ROOMY).put(receipt("am", "f"));

    Spool off = Spool.open(folder, 0);

    assertThat(off.isOff()).isTrue();
    assertThat(off.put(receipt("am", "g"))).isFalse();
    assertThat(drain(off)).hasSize(1);
  }

  @Test
  void whatCantBeWrittenIsNotKept() throws Exception {
    Spool spool = Spool.open(folder, ROOMY);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }

    assertThatThrownBy(() -> spool.put(receipt("am", "f"))).isInstanceOf(IOException.class);
    assertThat(spool.size()).isZero();
  }

  @Test
  void aDamagedFileIsToldFromAGoodOne() throws Exception {
    Spool spool = Spool.open(folder, ROOMY);
    spool.put(receipt("am", "f"));
    Path file = spool.first().orElseThrow().file();
    byte[] good = Files.readAllBytes(file);

    byte[] flipped = good.clone();
    flipped[good.length - 10] ^= 1;
    for (byte[] bad :
        List.of(flipped, java.util.Arrays.copyOf(good, good.length - 1), new byte[0])) {
      Files.write(file, bad);
      assertThatThrownBy(() -> SpoolFile.body(file)).isInstanceOf(SpoolFile.Damaged.class);
      assertThat(Spool.open(folder, ROOMY).size()).isEqualTo(1);
    }
    Files.write(file, good);
    assertThat(SpoolFile.body(file)).contains("\"f\"");
  }

  /** Also says what an fsync costs here. */
  @Test
  void manySendersAtOnceLoseNothing() throws Exception {
    Spool spool = Spool.open(folder, ROOMY);
    int count = 400;
    long start = System.nanoTime();
    ExecutorService senders = Executors.newFixedThreadPool(8);
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Receipt receipt = receipt("am" + i % 7, "f" + i);
      all.add(CompletableFuture.supplyAsync(() -> put(spool, receipt), senders));
    }
    assertThat(all).allMatch(CompletableFuture::join);
    log("put by 8 senders", count, start);
    senders.shutdown();

    start = System.nanoTime();
    for (int i = 0; i < 50; i++) {
      spool.put(receipt("am", "g" + i));
    }
    log("put by one sender", 50, start);
    assertThat(Spool.open(folder, ROOMY).size()).isEqualTo(count + 50);
    assertThat(drain(spool)).hasSize(count + 50).doesNotHaveDuplicates();
  }

  private static void log(String what, int count, long start) {
    LoggerFactory.getLogger(SpoolIT.class)
        .atInfo()
        .addKeyValue("what", what)
        .addKeyValue("count", count)
        .addKeyValue("each", Duration.ofNanos((System.nanoTime() - start) / count))
        .log("Measured");
  }

  private static boolean put(Spool spool, Receipt receipt) {
    try {
      return spool.put(receipt);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<UUID> drain(Spool spool) throws IOException {
    List<UUID> drained = new ArrayList<>();
    while (spool.first().isPresent()) {
      Spool.Entry entry = spool.first().get();
      drained.add(entry.id());
      spool.remove(entry);
    }
    return drained;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static Receipt receipt(String source, String fingerprint) {
    return new Receipt(
        UUID.randomUUID(),
        new AlertSource(ProjectName.DEFAULT, source),
        NOW,
        AlertFixtures.read(body(firing(fingerprint, "2026-11-21T16:00:00Z"))),
        Optional.empty());
  }
}
