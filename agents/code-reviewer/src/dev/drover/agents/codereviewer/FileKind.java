package dev.drover.agents.codereviewer;

import java.util.List;

/** What a path says about the file's part in its project. */
final class FileKind {
  private static final PathPatterns TESTS =
      PathPatterns.of(
          List.of(
              "**/{test,tests,testing,__tests__,spec,specs,it,e2e,testdata,fixtures}/**",
              "*{Test,Tests,IT,TestCase,Spec}.{java,kt,groovy,scala,php}",
              "Test*.java",
              "*_test.{go,py,rb,cc,cpp,rs}",
              "test_*.py",
              "conftest.py",
              "*_spec.rb",
              "*.{test,spec}.{js,jsx,ts,tsx,mjs,cjs,mts,cts}",
              "*.bats"));
  private static final PathPatterns GENERATED =
      PathPatterns.of(
          List.of(
              "**/{generated,gen,node_modules,vendor,dist,target,__generated__}/**",
              "**/{generated-sources,generated-test-sources}/**",
              "*.{pb.go,pb.cc,pb.h,min.js,min.css,g.dart,designer.cs}",
              "*_{pb2,pb2_grpc}.py",
              "*_generated.*",
              "*.generated.*"));
  private static final PathPatterns LOCKS =
      PathPatterns.of(
          List.of(
              "{package-lock,npm-shrinkwrap}.json",
              "{yarn,poetry,uv,Pipfile,Cargo,composer,Gemfile,bun}.lock",
              "pnpm-lock.yaml",
              "go.sum",
              "gradle.lockfile"));

  private FileKind() {}

  static boolean isTest(String path) {
    return TESTS.match(path);
  }

  /** Made by a program, and committed. */
  static boolean isGenerated(String path) {
    return GENERATED.match(path);
  }

  /** Written by a package manager; its lines are nobody's code. */
  static boolean isLock(String path) {
    return LOCKS.match(path);
  }
}
