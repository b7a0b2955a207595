package dev.drover.agents.codereviewer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.agents.kit.BadInput;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CodeReaderTest {

  private static List<CodeLine> read(String file, String text) throws BadInput {
    return Diffs.files(Diffs.adding(file, text)).get(0).hunks().get(0);
  }

  private static Stream<String> bare(List<CodeLine> lines) {
    return lines.stream().map(line -> line.bare().strip());
  }

  @Test
  void commentsAndStringsAreToldApart() throws BadInput {
    List<CodeLine> lines =
        read("A.java", "x(\"http://a\"); // see \"b\"\ny('\"', \"a\\\"//b\"); z();");
    assertThat(lines.get(0).code().strip()).isEqualTo("x(\"http://a\");");
    assertThat(lines.get(0).comment().strip()).isEqualTo("// see \"b\"");
    assertThat(bare(lines).map(line -> line.replace(" ", "")))
        .containsExactly("x(\"\");", "y('',\"\");z();");
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.bare()).hasSameSizeAs(line.raw()))
        .allSatisfy(line -> assertThat(line.comment()).hasSameSizeAs(line.raw()));
  }

  @Test
  void commentsAndTextsGoOnOverLines() throws BadInput {
    assertThat(bare(read("A.java", "a(); /* b\nc\nd */ e();")).toList())
        .containsExactly("a();", "", "e();");
    assertThat(bare(read("a.py", "a = \"\"\"b\neval(x)\n\"\"\"\nc()")).toList())
        .containsExactly("a = \"\"\"", "", "\"\"\"", "c()");
    assertThat(bare(read("a.js", "a = `b\n${c}`;\nd = 'it\ne();")).toList())
        .containsExactly("a = `", "`;", "d = '", "e();");
  }

  @Test
  void aHunkThatBeginsWithinACommentIsRecognised() throws BadInput {
    assertThat(bare(read("A.java", "eval(x)\n * more\n */\ncode();")).toList())
        .containsExactly("", "", "", "code();");
    assertThat(bare(read("A.java", " * only {@code a()}\n * b")).toList()).containsExactly("", "");
  }

  @Test
  void aHashInAWordBeginsNoCommentInAShell() throws BadInput {
    assertThat(bare(read("a.sh", "echo ${#x} a#b # c")).toList()).containsExactly("echo ${#x} a#b");
  }
}
