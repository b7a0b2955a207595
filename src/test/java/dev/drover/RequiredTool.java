package dev.drover;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Assumptions;

/** A program that a test needs: where it is missing the test is skipped, but never in CI. */
public final class RequiredTool {
  private RequiredTool() {}

  /** Skips the test if the tool is not on the PATH; with {@code CI=true} that is a failure. */
  public static void assume(String tool) {
    String path = System.getenv().getOrDefault("PATH", "");
    boolean found =
        Arrays.stream(path.split(File.pathSeparator))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    String message = "this test needs " + tool + ", which is not on the PATH";
    if (!found && "true".equals(System.getenv("CI"))) {
      throw new AssertionError(message);
    }
    Assumptions.assumeTrue(found, message);
  }
}
