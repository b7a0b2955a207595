package dev.drover.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large and hostile documents: an answer comes, soon, and it is a clear one. */
@Timeout(20)
class WorkflowLimitsTest {
  private static String workflow(int nodes, IntFunction<String> node) {
    return "name: big\nnodes:\n"
        + IntStream.range(0, nodes).mapToObj(node).collect(Collectors.joining());
  }

  private static String chained(int i) {
    return i == 0
        ? "  n-0: { value: 1 }\n"
        : "  n-%d: { dependsOn: [n-%d], value: 1 }\n".formatted(i, i - 1);
  }

  @Test
  void theLargestChainIsValid() {
    assertThat(Documents.problems(workflow(Grammar.MAX_NODES, WorkflowLimitsTest::chained)))
        .isEmpty();
  }

  @Test
  void everyNodeOfALongChainReadsTheFirst() {
    assertThat(
            Documents.problems(
                workflow(
                    1_000,
                    i ->
                        i == 0
                            ? chained(0)
                            : "  n-%d: { dependsOn: [n-%d], value: \"${{ nodes.n-0.output }}\" }\n"
                                .formatted(i, i - 1))))
        .isEmpty();
  }

  @Test
  void aCycleThroughEveryNodeIsShortened() {
    String ring =
        workflow(
            Grammar.MAX_NODES,
            i ->
                "  n%d: { dependsOn: [n%d], value: 1 }\n"
                    .formatted(i, (i + Grammar.MAX_NODES - 1) % Grammar.MAX_NODES));
    assertThat(Documents.problems(ring))
        .singleElement()
        .asString()
        .startsWith("w.yaml:3:21: nodes.n0.dependsOn[0]: cycle: n0 -> n1 -> n2 -> ")
        .contains("-> (1980 more) ->")
        .contains("n1999 -> n0;");
  }

  @Test
  void tooManyNodesAreOneProblem() {
    assertThat(Documents.problems(workflow(2_001, i -> "  n" + i + ": { valu: 1 }\n")))
        .containsExactly("w.yaml:2:1: nodes: a workflow has at most 2000 nodes, not 2001");
    assertThat(Documents.problems(workflow(100_000, i -> "  n" + i + ": {}\n")))
        .singleElement()
        .asString()
        .contains("more than 100000 values");
  }

  @Test
  void aListOfTooManyItemsIsAProblem() {
    String most = "1" + ", 1".repeat(ForEach.MAX_ITEMS - 1);
    String node = "  a: { value: \"${{ item }}\", forEach: [%s] }\n";
    assertThat(Documents.problems(workflow(1, i -> node.formatted(most)))).isEmpty();
    assertThat(Documents.problems(workflow(1, i -> node.formatted(most + ", 1"))))
        .containsExactly(
            "w.yaml:3:39: nodes.a.forEach: forEach takes at most 10000 items, not 10001");
  }

  @Test
  void manyProblemsAreCutAndFoundFast() {
    String names =
        IntStream.range(0, 60_000).mapToObj(i -> "nope" + i).collect(Collectors.joining(", "));
    String text =
        workflow(1_000, i -> "  node" + i + ": { value: 1 }\n")
            + "  last: { value: 1, dependsOn: ["
            + names
            + "] }\n";
    long start = System.nanoTime();
    List<String> problems = Documents.problems(text);
    assertThat(problems).hasSize(501);
    assertThat(problems.get(500)).endsWith("and 59500 more problems");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void tooManyExpressionsAreRefused() {
    String items = "\"${{ 1 }}\", ".repeat(10_500);
    assertThat(Documents.problems("{name: w, nodes: {a: {value: [" + items + "]}}}"))
        .singleElement()
        .asString()
        .contains("a workflow has at most 10000 expressions");
  }

  @Test
  void tooLongExpressionsAreRefused() {
    assertThat(
            Documents.problems(
                "{name: w, nodes: {a: {when: \""
                    + "true || ".repeat(1_100)
                    + "true\", value: 1}}}"))
        .singleElement()
        .asString()
        .startsWith("w.yaml:1:30: nodes.a.when: the expression has more than 8192 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "[]",
        "5",
        "- a",
        "null",
        "---",
        "{",
        "nodes: *x",
        "? {}\n: x",
        "a: !!java.net.URL x",
        "{name: {}, nodes: [], triggers: {}, inputs: 5, outputs: x}",
        "{name: w, nodes: {a: {agent: [], to: {}, value: }}}",
        "{name: w, nodes: {a: {agent: , with: }, '': {}, ' ': x}}",
        "{name: w, nodes: {a: {value: 1}}, inputs: {x: {type: [], default: {}}, '': }}",
        "{name: w, nodes: {a: {value: 1}}, inputs: {x: {type: object, properties: {y: 5}}}}",
        "{name: w, nodes: {a: {value: 1}}, inputs: {x: {type: string, pattern: '('}}}",
        "{name: w, nodes: {a: {value: 1}}, triggers: [{alert: {match: {a: {regex: '(((a{999}){999}){999})'}}}}]}",
        "{name: w, nodes: {a: {value: 1}}, triggers: [5, [], {alert: }, {webhook: {path: }}, {manual: }]}",
        "{name: w, nodes: {a: {value: '${{'}}}",
        "{name: w, nodes: {a: {agent: notifier, retry: , forEach: , maxParallel: , undo: }}}",
        "{name: w, nodes: {a: {approval: , retry: [], undo: []}, b: {wait: }, c: {workflow: }}}",
        "{name: w, nodes: {a: {wait: {for: }}, b: {wait: {until: }}, c: {approval: {message: }}}}",
        "{name: w, nodes: {a: {value: 1}}, concurrency: , timeout: }",
        "{name: w, nodes: {a: {value: 1}}, concurrency: {key: , limit: , overflow: }}",
        "{name: w, nodes: {a: {value: 1}}, triggers: [{schedule: }, {schedule: {cron: , zone: }}]}",
        "{name: w, nodes: {a: {agent: notifier, retry: 99999999999999999999}}}",
        "{name: w, nodes: {a: {agent: notifier, retry: {factor: .nan, jitter: .inf, delay: 99999999999d}}}}",
        "{name: w, nodes: {a: {value: '${{ }}'}}}",
        "{name: w, nodes: {a: {value: '${{ nodes }} ${{ trigger. }}'}}}",
      })
  void badDocumentsGiveProblems(String text) {
    assertThat(Documents.problems(text)).isNotEmpty();
  }

  @Test
  void brokenCopiesOfGoodDocumentsNeverThrow() {
    Random random = new Random(3);
    String marks = "{}[]:,-#&*!|>'\"%@`${} \n\t()?.x0";
    for (String name : List.of("scan-and-notify", "hyphens", "guarded-trigger", "durable")) {
      String good = WorkflowReaderTest.fixture("valid/" + name);
      for (int i = 0; i < 300; i++) {
        StringBuilder text = new StringBuilder(good);
        for (int k = random.nextInt(3); k >= 0; k--) {
          int at = random.nextInt(text.length() - 20);
          switch (random.nextInt(3)) {
            case 0 -> text.delete(at, at + 1 + random.nextInt(8));
            case 1 -> text.insert(at, marks.charAt(random.nextInt(marks.length())));
            default -> text.setCharAt(at, marks.charAt(random.nextInt(marks.length())));
          }
        }
        assertThat(Documents.read(text.toString())).isNotNull();
      }
    }
  }

  @Test
  void aThousandNodesAreReadInTime() {
    String text =
        workflow(
            1_000,
            i ->
                i == 0
                    ? "  n-0: { agent: notifier }\n"
                    : """
                      n-%d:
                        dependsOn: [n-%d]
                        when: nodes.n-%d.output.total > %d
                        agent: scanner
                        with: { target: "${{ nodes.n-%d.output.path }}/${{ run.id }}", depth: 3 }
                    """
                        .formatted(i, i - 1, i - 1, i, i / 2)
                        .indent(0));
    assertThat(Documents.problems(text)).isEmpty();
    long start = System.nanoTime();
    assertThat(Documents.problems(text)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }
}
