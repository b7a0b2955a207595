package dev.drover.workflow;

import com.google.re2j.PatternSyntaxException;
import dev.cel.checker.CelChecker;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationResult;
import dev.cel.common.exceptions.CelInvalidArgumentException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelListsExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.drover.json.Regex;
import java.util.List;
import java.util.Set;

/**
 * The CEL that workflows are written in: the standard functions and the extensions for optional
 * values, strings, numbers, sets and lists, over our roots. It is immutable, and costly to make.
 */
final class CelLanguage {
  /** The names under which every part of a node finds data. */
  static final List<String> ROOTS = List.of("trigger", "inputs", "nodes", "run", "project");

  static final String ITEM = "item";
  static final String INDEX = "index";

  /** The names that are known only while one item of a node is worked on. */
  static final List<String> ITEM_ROOTS = List.of(ITEM, INDEX);

  /** Characters in an expression at the most. */
  static final int MAX_LENGTH = 8 * 1024;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .maxExpressionCodePointSize(
              2 * MAX_LENGTH) // back quotes come on top of the author's text
          .maxParseRecursionDepth(100)
          .comprehensionMaxIterations(100_000)
          .build();
  // Not range: one call could ask for more memory than there is.
  private static final CelListsExtensions LISTS =
      CelExtensions.lists(
          CelListsExtensions.Function.SLICE,
          CelListsExtensions.Function.FLATTEN,
          CelListsExtensions.Function.DISTINCT,
          CelListsExtensions.Function.REVERSE,
          CelListsExtensions.Function.SORT,
          CelListsExtensions.Function.SORT_BY);
  private static final CelCompiler COMPILER =
      compiler(CelStandardDeclarations.newBuilder().build())
          .addLibraries(
              CelExtensions.optional(),
              CelExtensions.strings(),
              CelExtensions.math(),
              CelExtensions.sets(OPTIONS),
              LISTS)
          .build();
  private static final CelRuntime RUNTIME =
      CelRuntimeFactory.plannerRuntimeBuilder()
          .setOptions(OPTIONS)
          .setStandardFunctions(
              CelStandardFunctions.newBuilder()
                  .excludeFunctions(CelStandardFunctions.StandardFunction.MATCHES)
                  .build())
          .addFunctionBindings(
              CelFunctionBinding.from("matches", String.class, String.class, CelLanguage::matches),
              CelFunctionBinding.from(
                  "matches_string", String.class, String.class, CelLanguage::matches))
          .addLibraries(
              CelExtensions.optional(),
              CelExtensions.strings(),
              CelExtensions.math(),
              CelExtensions.sets(OPTIONS),
              LISTS)
          .build();

  private CelLanguage() {}

  private static CelCompilerBuilder compiler(CelStandardDeclarations declarations) {
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .setStandardEnvironmentEnabled(false)
            .setStandardDeclarations(declarations);
    ROOTS.forEach(root -> builder.addVar(root, MapType.create(SimpleType.STRING, SimpleType.DYN)));
    return builder.addVar(ITEM, SimpleType.DYN).addVar(INDEX, SimpleType.INT);
  }

  /** CEL's own would compile an expression of any size, also one that comes out of data. */
  private static boolean matches(String text, String regex) {
    try {
      return Regex.compile(regex).matcher(text).find();
    } catch (PatternSyntaxException e) {
      throw new CelInvalidArgumentException(
          new IllegalArgumentException("bad regex: " + e.getDescription(), e));
    }
  }

  /** Whether data is found under the name, by some part of a workflow at least. */
  static boolean isRoot(String name) {
    return ROOTS.contains(name) || ITEM_ROOTS.contains(name);
  }

  static CelValidationResult parse(String cel) {
    return COMPILER.parse(cel);
  }

  static CelValidationResult check(CelAbstractSyntaxTree parsed) {
    return COMPILER.check(parsed);
  }

  /** The checker for expressions in which only these of the standard operators occur. */
  static CelChecker checkerFor(Set<String> operators) {
    return compiler(
            CelStandardDeclarations.newBuilder()
                .filterFunctions(
                    (function, overload) -> operators.contains(function.functionDecl().name()))
                .build())
        .build();
  }

  /** Plans a checked tree for evaluation, once. */
  static CelRuntime.Program program(CelAbstractSyntaxTree checked) throws CelEvaluationException {
    return RUNTIME.createProgram(checked);
  }
}
