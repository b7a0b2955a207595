package dev.drover.agents.codereviewer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Call;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.Program;
import dev.drover.agents.kit.Work;
import dev.drover.agents.kit.WorkFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The agent's program. The rules lie in the working directory, which is the agent's own folder; a
 * finished review is a success, whatever it found.
 */
public final class CodeReviewer implements Work {
  private static final Path RULES = Path.of("rules");

  private final Path folder;
  private List<Rule> rules = List.of();

  CodeReviewer(Path folder) {
    this.folder = folder;
  }

  /** The program takes no arguments. */
  public static void main(String[] arguments) {
    Program.main(new CodeReviewer(RULES));
  }

  @Override
  public JsonNode run(InputObject input, Call call) throws BadInput, WorkFailure {
    ReviewRequest request = ReviewRequest.read(input);
    List<Rule> known = rules();
    List<ChangedFile> files = files(request, call);
    call.say("reviewing " + files.size() + " files by " + known.size() + " line rules");
    Review review = new Review(request);
    LineRules lines = new LineRules(known);
    for (ChangedFile file : files) {
      if (file.isWritten()) {
        review(file, lines, request, review);
      }
    }
    new FileChecks(request.sizes().files()).review(files).forEach(review::add);
    new TestChecks(request.sizes().untestedLines()).review(files).forEach(review::add);
    LanguageModel.configured(call.environment())
        .ifPresent(model -> model.review(files, review, call));
    call.say(review.summary(files));
    return review.json(files);
  }

  /** Read once: a warm process reviews many changes by the same rules. */
  private synchronized List<Rule> rules() throws WorkFailure {
    if (rules.isEmpty()) {
      rules = RuleFile.readAll(folder);
    }
    return rules;
  }

  private static List<ChangedFile> files(ReviewRequest request, Call call)
      throws BadInput, WorkFailure {
    List<ChangedFile> files = new ArrayList<>();
    for (FileDiff diff : changes(request.change(), call)) {
      if (!request.exclude().match(diff.path())) {
        files.add(ChangedFile.of(diff));
      }
    }
    return files;
  }

  private static List<FileDiff> changes(ReviewRequest.Change change, Call call)
      throws BadInput, WorkFailure {
    if (change instanceof ReviewRequest.Change.Range range) {
      String path = call.environment().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
      return new GitRange(range.repository(), path).changes(range.commits());
    }
    return DiffParser.parse(((ReviewRequest.Change.Diff) change).text());
  }

  private static void review(
      ChangedFile file, LineRules rules, ReviewRequest request, Review review) {
    List<ReviewComment> found = new ArrayList<>(rules.review(file.path(), file.hunks()));
    found.addAll(DependencyCheck.review(file));
    Suppressions allowed = new Suppressions(file.hunks(), file.language().syntax());
    for (ReviewComment comment : found) {
      if (request.suppressions() && allowed.allows(comment)) {
        review.suppress();
      } else {
        review.add(comment);
      }
    }
  }
}
