package dev.drover.agents.codereviewer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.RequiredTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ranges of real repositories, of hostile ones too. */
class GitRangeIT {
  @TempDir static Path shared;
  @TempDir Path folder;
  private Path repository = shared.resolve("repository");

  @BeforeAll
  static void aRepositoryWithABranch() throws Exception {
    RequiredTool.assume("git");
    Path repository = Files.createDirectory(shared.resolve("repository"));
    GitRangeIT made = new GitRangeIT();
    made.commits();
    assertThat(repository.resolve(".git")).isDirectory();
  }

  private void commits() throws Exception {
    git("init", "-q", "-b", "main");
    commit("App.java", "class App {\n}\n");
    git("checkout", "-q", "-b", "feature");
    commit("App.java", "class App {\n  // TODO\n}\n");
    Files.write(repository.resolve("blob.bin"), new byte[700 << 10]);
    commit("ü ä.py", "eval(x)\n");
    git("checkout", "-q", "main");
    commit("Main.java", "System.out.println(1);\n");
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.org"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(repository.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  private void commit(String file, String text) throws IOException, InterruptedException {
    Files.writeString(repository.resolve(file), text);
    git("add", "-A");
    git("commit", "-q", "-m", "change");
  }

  private Trial review(String range) {
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    return Trial.of(input.put("repository", repository.toString()).put("range", range));
  }

  private static List<String> found(Trial trial) throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonNode comment : trial.output().get("comments")) {
      found.add(
          comment.get("file").asText()
              + ":"
              + comment.path("line").asInt()
              + " "
              + comment.get("rule").asText());
    }
    return found;
  }

  @Test
  void threeDotsCompareWithWhatBothHaveInCommon() throws Exception {
    assertThat(found(review("main...feature")))
        .containsExactly("ü ä.py:1 eval", "blob.bin:0 large-file", "App.java:2 todo");
    assertThat(review("main..feature").output().get("deletions").asInt()).isEqualTo(1);
    assertThat(review("main...feature").output().get("deletions").asInt()).isZero();
    assertThat(review("main~1..main").output().get("files").asInt()).isEqualTo(1);
  }

  @Test
  void namesThatAreNoCommitsAreRefused() {
    assertThat(review("main..nowhere").log())
        .contains("bad input: range: the repository has no commit called nowhere");
    assertThat(review("--output=x..main").log()).contains("range must be two names");
    assertThat(review("main..a..b").log()).contains("range must be two names");
    assertThat(review("main;id..main").log()).contains("range must be two names");
    assertThat(repository.resolve("x")).doesNotExist();
  }

  @Test
  void aRepositoryWithinAnotherOneIsNotMistakenForIt() throws Exception {
    repository = Files.createDirectory(repository.resolve("inner"));
    assertThat(review("main..feature").exit()).isEqualTo(65);
  }

  @Test
  void whatAPartialCloneLacksIsNotFetched() throws Exception {
    git("clone", "-q", "--no-hardlinks", ".", folder.resolve("partial").toString());
    repository = folder.resolve("partial");
    git("fetch", "-q", "origin", "feature:feature");
    Path witness = folder.resolve("started");
    git("config", "remote.origin.url", "ext::sh -c touch% " + witness);
    git("config", "remote.origin.promisor", "true");
    git("config", "protocol.ext.allow", "always");
    String lost = git("rev-parse", "feature:App.java").strip();
    Path objects = repository.resolve(".git").resolve("objects");
    Files.delete(objects.resolve(lost.substring(0, 2)).resolve(lost.substring(2)));

    assertThat(review("main...feature").exit()).isEqualTo(1);
    assertThat(witness).doesNotExist();
  }

  @Test
  void whatARepositoryConfiguresIsNotStarted() throws Exception {
    git("clone", "-q", "--no-hardlinks", ".", folder.resolve("hostile").toString());
    repository = folder.resolve("hostile");
    git("fetch", "-q", "origin", "feature:feature");
    Path witness = folder.resolve("started");
    String touch = "touch " + witness;
    for (String setting :
        List.of(
            "diff.external",
            "core.fsmonitor",
            "core.pager",
            "pager.diff-tree",
            "core.sshCommand",
            "diff.evil.textconv",
            "diff.evil.command")) {
      git("config", setting, touch);
    }
    git("config", "extensions.partialClone", "origin");
    git("config", "remote.origin.url", "ext::sh -c touch% " + witness);
    git("config", "remote.origin.promisor", "true");
    Path hooks = Files.createDirectories(repository.resolve(".git").resolve("hooks"));
    Path hook = Files.writeString(hooks.resolve("post-index-change"), "#!/bin/sh\n" + touch + "\n");
    assertThat(hook.toFile().setExecutable(true)).isTrue();
    Files.writeString(
        repository.resolve(".git").resolve("info").resolve("attributes"),
        "* diff=evil filter=evil\n");

    assertThat(review("main...feature").exit()).isZero();
    assertThat(review("main..nowhere").exit()).isEqualTo(65);
    assertThat(witness).doesNotExist();
  }
}
