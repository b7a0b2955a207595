package dev.drover.agents.patcher;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the request from the input, strictly. */
final class RequestReader {
  private static final Set<String> FIELDS =
      Set.of("target", "writableTarget", "write", "partial", "commit", "fixes");
  private static final int MOST_FIXES = 200;
  private static final Pattern AUTHOR =
      Pattern.compile("([^<>\\p{Cntrl}]{1,100}) <([^<>\\s]{1,200})>");
  private static final Pattern BRANCH = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./-]{0,199}");

  private RequestReader() {}

  static Request read(InputObject input) throws BadInput {
    input.allowOnly(FIELDS, "the patcher");
    boolean write = input.flag("write", false);
    String target = target(input, write);
    List<Fix> fixes = new ArrayList<>();
    for (InputObject fix : input.members("fixes")) {
      fixes.add(FixReader.read(fix));
    }
    if (fixes.isEmpty() || fixes.size() > MOST_FIXES) {
      throw new BadInput("fixes must hold from 1 to " + MOST_FIXES + " fixes");
    }
    Optional<Request.Commit> commit = commit(input, write);
    return new Request(target, write, input.flag("partial", false), commit, fixes);
  }

  /** Two fields, because the one is mounted read-only and the other is not. */
  private static String target(InputObject input, boolean write) throws BadInput {
    Optional<String> target = input.optionalText("target");
    Optional<String> writable = input.optionalText("writableTarget");
    if (target.isPresent() == writable.isPresent()) {
      throw new BadInput(
          "give the folder as target, to get a diff, or as writableTarget, to write: one of them");
    }
    if (write && writable.isEmpty()) {
      throw new BadInput("write: true needs writableTarget: target is mounted read-only");
    }
    return target.or(() -> writable).orElseThrow();
  }

  private static Optional<Request.Commit> commit(InputObject input, boolean write) throws BadInput {
    if (!input.has("commit")) {
      return Optional.empty();
    }
    if (!write) {
      throw new BadInput("commit needs write: true");
    }
    InputObject commit = input.member("commit");
    commit.allowOnly(Set.of("branch", "message", "author", "allowDirty"), "commit");
    String branch = commit.text("branch");
    if (!BRANCH.matcher(branch).matches()) {
      throw new BadInput("commit.branch must be a plain branch name such as fix/guava");
    }
    Matcher author =
        AUTHOR.matcher(commit.optionalText("author").orElse("Drover <drover@localhost>"));
    if (!author.matches()) {
      throw new BadInput("commit.author must be of the form Name <mail>");
    }
    return Optional.of(
        new Request.Commit(
            branch,
            commit.text("message"),
            author.group(1).strip(),
            author.group(2),
            commit.flag("allowDirty", false)));
  }
}
