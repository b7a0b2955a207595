package dev.drover.workflow;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.OptionalType;
import dev.cel.runtime.CelEvaluationException;
import dev.drover.yaml.Suggestion;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compiles the expressions of one document, and reports what is wrong with them. */
final class ExpressionCompiler {
  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");
  private static final Pattern TYPE_VARIABLES =
      Pattern.compile(" \\(candidates: .*", Pattern.DOTALL);
  private static final Pattern EXPECTED_TOKENS =
      Pattern.compile(" expecting \\{.*", Pattern.DOTALL);
  private static final int MAX_ISSUES = 5;
  private static final int MAX_EXPRESSIONS = 10_000;

  private final Problems problems;
  private final ReadRules rules;
  private final TypeCheck types = new TypeCheck();
  private int count;

  ExpressionCompiler(Problems problems, ReadRules rules) {
    this.problems = problems;
    this.rules = rules;
  }

  /** What kind of value an expression must give. */
  private enum Wanted {
    ANYTHING(Optional.empty(), ""),
    CONDITION(Optional.of(CelKind.BOOL), "a condition must be true or false"),
    LIST(Optional.of(CelKind.LIST), "items must be a list");

    final Optional<CelKind> kind;
    final String rule;

    Wanted(Optional<CelKind> kind, String rule) {
      this.kind = kind;
      this.rule = rule;
    }
  }

  /** Compiles what may give any value. */
  Optional<Expression> compile(Place place, String source, Reader reader) {
    return compile(place, source, reader, Wanted.ANYTHING);
  }

  /** Compiles what must give a list, as far as its type is known. */
  Optional<Expression> compileList(Place place, String source, Reader reader) {
    return compile(place, source, reader, Wanted.LIST);
  }

  /** Compiles what must be true or false, as far as its type is known. */
  Optional<Expression> compileCondition(Place place, String source, Reader reader) {
    if (source.strip().startsWith("${{")) {
      place.report(
          problems,
          source.indexOf("${{"),
          "a condition is an expression as it stands",
          "leave out ${{ and }}");
      return Optional.empty();
    }
    return compile(place, source, reader, Wanted.CONDITION);
  }

  private Optional<Expression> compile(Place place, String source, Reader reader, Wanted wanted) {
    if (!hasSensibleSize(place, source)) {
      return Optional.empty();
    }
    int before = problems.count();
    ExpressionText text = ExpressionText.of(source);
    CelAbstractSyntaxTree parsed =
        tree(() -> CelLanguage.parse(text.cel()), text, place, reader).orElse(null);
    if (parsed == null) {
      return Optional.empty();
    }
    List<Read> reads = Reads.of(parsed);
    reads.forEach(read -> judge(read, text, place, reader));
    Optional<Read> path = Reads.only(parsed);
    if (path.isPresent()) {
      return path.filter(p -> problems.count() == before)
          .map(p -> new PathExpression(place.path(), source, p));
    }
    return tree(() -> types.check(parsed), text, place, reader)
        .filter(checked -> hasSensibleType(checked, place, wanted))
        .filter(checked -> problems.count() == before)
        .flatMap(checked -> plan(checked, place, source, reads));
  }

  private Optional<Expression> plan(
      CelAbstractSyntaxTree checked, Place place, String source, List<Read> reads) {
    try {
      return Optional.of(
          new CelExpression(place.path(), source, CelLanguage.program(checked), reads));
    } catch (CelEvaluationException | RuntimeException e) {
      place.report(problems, 0, "bad expression: " + Quote.cut(String.valueOf(e.getMessage())), "");
      return Optional.empty();
    }
  }

  private void judge(Read read, ExpressionText text, Place place, Reader reader) {
    rules
        .judge(read, reader)
        .ifPresent(
            fault ->
                place.report(
                    problems,
                    text.sourceIndexOfCodePoint(read.at()),
                    fault.message(),
                    fault.hint()));
  }

  private boolean hasSensibleSize(Place place, String source) {
    if (++count > MAX_EXPRESSIONS) {
      if (count == MAX_EXPRESSIONS + 1) {
        place.report(problems, 0, "a workflow has at most " + MAX_EXPRESSIONS + " expressions", "");
      }
      return false;
    }
    if (source.isBlank()) {
      place.report(problems, 0, "an expression is missing", "");
    } else if (source.length() > CelLanguage.MAX_LENGTH) {
      place.report(
          problems,
          0,
          "the expression has more than " + CelLanguage.MAX_LENGTH + " characters",
          "compute parts of it in nodes of their own, with \"value\"");
    }
    return !source.isBlank() && source.length() <= CelLanguage.MAX_LENGTH;
  }

  private boolean hasSensibleType(CelAbstractSyntaxTree tree, Place place, Wanted wanted) {
    if (tree.getResultType() instanceof OptionalType) {
      place.report(
          problems, 0, "the result is an optional value", "end the expression with .orValue(...)");
      return false;
    }
    if (tree.getResultType().kind() == CelKind.TYPE) {
      place.report(problems, 0, "the result is a type, not a value", "");
      return false;
    }
    CelKind kind = tree.getResultType().kind();
    if (kind == CelKind.DYN || wanted.kind.isEmpty() || wanted.kind.get() == kind) {
      return true;
    }
    place.report(
        problems, 0, wanted.rule + ", but this is of type " + tree.getResultType().name(), "");
    return false;
  }

  private Optional<CelAbstractSyntaxTree> tree(
      Supplier<CelValidationResult> stage, ExpressionText text, Place place, Reader reader) {
    try {
      CelValidationResult result = stage.get();
      List<CelIssue> errors = result.getErrors();
      boolean syntax = !errors.isEmpty() && errors.get(0).getExprId() == 0;
      errors.stream()
          .limit(syntax ? 1 : MAX_ISSUES) // behind a syntax error, the parser only guesses
          .forEach(issue -> report(issue, text, place, reader));
      return result.hasError() ? Optional.empty() : Optional.of(result.getAst());
    } catch (CelValidationException | RuntimeException e) {
      // The parser lets exceptions escape from macros whose arguments it could not parse.
      place.report(problems, 0, "bad expression: it can't be parsed", "");
      return Optional.empty();
    }
  }

  private void report(CelIssue issue, ExpressionText text, Place place, Reader reader) {
    int index =
        text.sourceIndexOf(
            issue.getSourceLocation().getLine(), issue.getSourceLocation().getColumn());
    Matcher undeclared = UNDECLARED.matcher(issue.getMessage());
    if (undeclared.matches()) {
      reportUnknown(undeclared.group(1), text.source(), index, place, reader);
      return;
    }
    String message = TYPE_VARIABLES.matcher(issue.getMessage()).replaceFirst("");
    String shorter = EXPECTED_TOKENS.matcher(message).replaceFirst("");
    place.report(
        problems,
        index,
        "bad expression: " + shorter.replace("'<EOF>'", "end of the expression"),
        "");
  }

  private void reportUnknown(String name, String source, int index, Place place, Reader reader) {
    if (name.equals("secrets")) {
      place.report(
          problems,
          index,
          "secrets can't be read in a workflow",
          "name the secret in the \"env\" of the agent's manifest");
      return;
    }
    boolean function = index < source.length() && source.charAt(index) == '(';
    String hint =
        function
            ? ""
            : Suggestion.didYouMean(name, reader.roots())
                .orElse("there are: " + Quote.list(reader.roots()));
    place.report(
        problems, index, (function ? "unknown function " : "unknown name ") + Quote.of(name), hint);
  }
}
