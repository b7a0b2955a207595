package dev.drover.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.name.NodeId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpanIdsTest {
  private static final RunId RUN = RunId.of("01a21fe3-d0fa-7d55-a249-b2671898b889");
  private static final NodeItem NODE = NodeItem.of(new NodeId("clean"));

  /** Servers of different versions carry on what the other began: the ids must never change. */
  @Test
  void idsStayWhatTheyAre() {
    assertThat(SpanIds.trace(RUN)).isEqualTo("05ca4cc7faf75d3bf518e68bfa459cd5");
    assertThat(SpanIds.run(RUN)).isEqualTo("84952cf4d2d89b8f");
    assertThat(SpanIds.node(RUN, NODE)).isEqualTo("701694f42c59f04d");
    assertThat(SpanIds.attempt(RUN, NODE, 2)).isEqualTo("abd8c0a9ac0888f9");
    assertThat(SpanIds.intake(RUN.value())).isEqualTo("37771205d6b62433");
  }

  @Test
  void nothingHasTheIdOfAnotherThing() {
    Set<String> ids = new HashSet<>();
    int count = 0;
    for (NodeItem node : List.of(NODE, NodeItem.of(NODE.node(), 1), NODE.undo())) {
      ids.add(SpanIds.node(RUN, node));
      ids.add(SpanIds.wait(RUN, node, new Wait.Resolved(Optional.empty())));
      ids.add(SpanIds.wait(RUN, node, new Wait.Approval("?", Optional.empty())));
      count += 3;
      for (int attempt = 1; attempt <= 50; attempt++) {
        ids.add(SpanIds.attempt(RUN, node, attempt));
        count++;
      }
    }
    ids.add(SpanIds.run(RUN));
    ids.add(SpanIds.takeUp(RUN, 1));
    ids.add(SpanIds.takeUp(RUN, 2));
    ids.add(SpanIds.intake(RUN.value()));
    assertThat(ids).hasSize(count + 4);
  }

  @Test
  void aPlaceIsReadAsItIsWrittenAndNothingElseIs() {
    String text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    assertThat(TraceParent.of(text).orElseThrow()).hasToString(text);
    assertThat(TraceParent.of(text.replace("-01", "-00")).orElseThrow().sampled()).isFalse();
    for (String wrong :
        List.of(
            "",
            text + " ",
            text.toUpperCase(java.util.Locale.ROOT),
            text.replace("b7ad6b7169203331", "0000000000000000"),
            text.replace("0af7651916cd43dd8448eb211c80319c", "0".repeat(32)),
            "ff" + text.substring(2),
            text + "-more",
            "x".repeat(100_000))) {
      assertThat(TraceParent.of(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void aRunIsBeneathWhatOpensItOrTheFirstOfItsTrace() {
    TraceParent cause =
        TraceParent.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").orElseThrow();
    RunTrace under = RunTrace.under(cause, RUN);
    assertThat(under.place().traceId()).isEqualTo(cause.traceId());
    assertThat(under.parentSpan()).contains(cause.spanId());
    RunTrace own = RunTrace.own(RUN, true, Optional.of(cause));
    assertThat(own.place().traceId()).isEqualTo(SpanIds.trace(RUN));
    assertThat(own.parentSpan()).isEmpty();
    assertThat(own.link()).contains(cause);
    assertThat(
            RunTrace.stored(
                Optional.of(own.place().toString()),
                own.parentSpan(),
                own.link().map(TraceParent::toString)))
        .contains(own);
    assertThat(RunTrace.stored(Optional.of("?"), Optional.empty(), Optional.empty())).isEmpty();
  }

  @Test
  void anIdTellsWhenItWasMade() {
    assertThat(RUN.time()).contains(Instant.ofEpochMilli(0x01a21fe3d0faL));
  }

  @Test
  void whatUndoesSomethingSaysWhat() {
    NodeItem item = NodeItem.of(NODE.node(), 12);
    assertThat(item.undo().undone()).isEqualTo(item);
    assertThat(NODE.undo().undone()).isEqualTo(NODE);
    assertThat(item.undone()).isEqualTo(item);
  }
}
