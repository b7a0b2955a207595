package dev.drover.agents.patcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Call;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.Program;
import dev.drover.agents.kit.Work;
import dev.drover.agents.kit.WorkFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * The agent's program. Fixes are applied in memory, one on top of the other; the diff is made from
 * before and after, so it is right whatever the fixes claim; and only then something is written, if
 * that was asked for.
 */
public final class Patcher implements Work {

  /** The program takes no arguments. */
  public static void main(String[] arguments) {
    Program.main(new Patcher());
  }

  @Override
  public JsonNode run(InputObject input, Call call) throws BadInput, WorkFailure {
    Request request = RequestReader.read(input);
    SourceTree tree = SourceTree.of(request.target());
    Workspace files = new Workspace(tree);
    List<FixOutcome> outcomes = apply(request, files, call);
    boolean ok = outcomes.stream().noneMatch(FixOutcome::isFailed);
    List<Workspace.Change> changes = ok || request.partial() ? files.changes() : List.of();
    ObjectNode report = new Report().of(ok, outcomes, changes);
    if (request.write() && !changes.isEmpty()) {
      write(request, tree, changes, report);
    }
    call.say(changes.size() + " files change, written: " + report.path("written").asBoolean());
    return report;
  }

  private static List<FixOutcome> apply(Request request, Workspace files, Call call)
      throws WorkFailure {
    List<FixOutcome> outcomes = new ArrayList<>();
    for (Fix fix : request.fixes()) {
      FixOutcome outcome = new FixOutcome(fix.kind());
      Workspace.Mark mark = files.mark();
      try {
        apply(fix, files, outcome, request.partial());
      } catch (FixProblem e) {
        outcome.failed(String.valueOf(e.getMessage()));
        if (!request.partial() || !(fix instanceof Fix.Patch)) {
          files.back(mark);
        }
      }
      outcomes.add(outcome);
      call.say("fix " + outcomes.size() + " (" + fix.kind() + "): " + outcome.status());
    }
    return outcomes;
  }

  private static void apply(Fix fix, Workspace files, FixOutcome outcome, boolean partial)
      throws FixProblem, WorkFailure {
    if (fix instanceof Fix.MavenBump bump) {
      MavenBumper.apply(bump, files, outcome);
    } else if (fix instanceof Fix.NpmBump bump) {
      NpmBumper.apply(bump, files, outcome);
    } else if (fix instanceof Fix.Replacement replacement) {
      Replacer.apply(replacement, files, outcome);
    } else if (fix instanceof Fix.Patch patch) {
      PatchApplier.apply(patch, files, outcome, partial);
    }
  }

  private static void write(
      Request request, SourceTree tree, List<Workspace.Change> changes, ObjectNode report)
      throws WorkFailure {
    if (request.commit().isPresent()) {
      GitCommit.Result done = GitCommit.commit(tree, request.commit().get(), changes);
      report.put("commit", done.hash()).put("branch", request.commit().get().branch());
      report.put("written", done.filesWritten());
    } else {
      new TreeWriter(tree).write(changes);
      report.put("written", true);
    }
  }
}
