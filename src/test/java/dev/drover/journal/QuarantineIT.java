package dev.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.uuid.Generators;
import dev.drover.TestDatabase;
import dev.drover.journal.Quarantine.Kind;
import dev.drover.name.ProjectName;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was set aside, and what people did. */
class QuarantineIT {
  private static final ProjectName PROJECT = ProjectName.DEFAULT;
  private static final ProjectName OTHER = new ProjectName("other");

  private final TestDatabase database = TestDatabase.create();
  private final Quarantine quarantine = new Quarantine(database.dataSource());
  private final Audit audit =
      new Audit(database.dataSource(), Generators.timeBasedEpochGenerator()::generate);

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void theSameThingForTheSameReasonIsNotedOnce() {
    quarantine.add(Kind.RUN, PROJECT, "r1", "no such node", "{}");
    quarantine.add(Kind.RUN, PROJECT, "r1", "no such node", "{}");
    quarantine.add(Kind.RUN, PROJECT, "r1", "another reason", "{}");
    quarantine.add(Kind.TIMER, null, "t1", "no data", null);
    assertThat(quarantine.list(null, 10, null)).hasSize(3);
    assertThat(quarantine.list(PROJECT, 10, null))
        .extracting(Quarantine.Item::reason)
        .as("what is of no project is shown in the default one")
        .containsExactlyInAnyOrder("no such node", "another reason", "no data");
    assertThat(quarantine.list(OTHER, 10, null)).isEmpty();
  }

  @Test
  void whatNoColumnCanHoldIsKeptAsFarAsItCan() {
    quarantine.add(Kind.DELIVERY, PROJECT, "d\0", "\0\ud800", "x".repeat(1_000_000) + "\0");
    Quarantine.Item item = quarantine.list(null, 1, null).get(0);
    assertThat(item.subject()).isEqualTo("d\u2400");
    assertThat(item.raw()).hasSize(64 << 10);
    assertThat(item.kind()).isEqualTo("delivery");
  }

  @Test
  void pagesGoFromTheNewestOnAndMissNothing() {
    for (int i = 0; i < 25; i++) {
      quarantine.add(Kind.RUN, PROJECT, "r" + i, "why", null);
    }
    List<String> seen = new ArrayList<>();
    UUID after = null;
    for (int page = 0; page < 4; page++) {
      for (Quarantine.Item item : quarantine.list(null, 10, after)) {
        seen.add(item.subject());
        after = item.id();
      }
    }
    assertThat(seen).hasSize(25).doesNotHaveDuplicates().startsWith("r24").endsWith("r0");
  }

  @Test
  void whatIsSetAsideInATransactionGoesWithIt() throws Exception {
    try (Connection connection = database.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      Quarantine.add(connection, Kind.RUN, PROJECT, "r1", "why", "raw");
      connection.rollback();
      Quarantine.add(connection, Kind.RUN, PROJECT, "r2", "why", "raw");
      connection.commit();
    }
    assertThat(quarantine.list(null, 10, null))
        .extracting(Quarantine.Item::subject)
        .containsExactly("r2");
  }

  @Test
  void deedsAreListedNewestFirstByProject() {
    for (int i = 0; i < 15; i++) {
      audit.add(PROJECT, "ann\0", "pause", "w" + i, i == 0 ? Map.of() : Map.of("n", (long) i));
    }
    audit.add(OTHER, "bob", "cancel", "r", Map.of());
    List<Audit.Deed> first = audit.list(PROJECT, 10, null);
    List<Audit.Deed> second = audit.list(PROJECT, 10, first.get(9).id());
    assertThat(first).extracting(Audit.Deed::subject).startsWith("w14").endsWith("w5");
    assertThat(second).extracting(Audit.Deed::subject).startsWith("w4").endsWith("w0");
    assertThat(first.get(0).detail()).isEqualTo("{\"n\":14}");
    assertThat(second.get(4).detail()).isNull();
    assertThat(first.get(0).who()).isEqualTo("ann\u2400");
    assertThat(audit.list(OTHER, 10, null)).hasSize(1);
  }
}
