package dev.drover.agents.securityscanner;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The agent's program: request on stdin, report on stdout, log on stderr. The rule file is found in
 * the working directory, which is the agent's own folder. Exit code 0 is a finished scan, whatever
 * it found; 75 may be tried again; the others can't be helped by trying.
 */
public final class SecurityScanner {
  private static final Path RULES = Path.of("rules", "secrets.yaml");
  private static final long FILES_BETWEEN_LOG_LINES = 10_000;

  private final PrintStream log;
  private final Path rules;
  private final Map<String, String> environment;

  SecurityScanner(PrintStream log, Path rules, Map<String, String> environment) {
    this.log = log;
    this.rules = rules;
    this.environment = Map.copyOf(environment);
  }

  /** The program takes no arguments. */
  public static void main(String[] args) {
    PrintStream log =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    int exitCode = new SecurityScanner(log, RULES, System.getenv()).run(System.in, out);
    System.exit(exitCode);
  }

  /** Returns the exit code; what went wrong is the last line of the log. */
  int run(InputStream in, OutputStream out) {
    try {
      Request request = Request.read(in);
      Report report = scan(request);
      report.write(out, request.sarif());
      log.println(report.summary());
      return 0;
    } catch (ScanException e) {
      log.println(e.getMessage());
      return e.exitCode();
    } catch (IOException e) {
      log.println("stdout can't be written: " + e.getMessage());
      return ScanException.BROKEN;
    } catch (RuntimeException e) {
      // Its message could hold a piece of what was scanned; its place can't.
      StackTraceElement[] trace = e.getStackTrace();
      String place = trace.length == 0 ? "unknown place" : trace[0].toString();
      log.println("internal error, please report it: " + e.getClass().getName() + " at " + place);
      return ScanException.BROKEN;
    }
  }

  private Report scan(Request request) {
    List<SecretRule> secretRules = RuleFile.read(rules);
    log.println(
        "scanning "
            + Mask.line(request.target(), 200)
            + " with "
            + secretRules.size()
            + " secret rules and "
            + ContainerRule.values().length
            + " container rules");
    FileScanner scanner = new FileScanner(secretRules);
    Report report = new Report(request.minSeverity(), request.limits().maxFindings());
    if (!request.advisories().wanted()) {
      new SourceTree(request).read(new Into(scanner, report, null));
      return report;
    }
    // Only now, so that a scan without them does not load what is behind it.
    DependencyScan dependencies = new DependencyScan(request.advisories(), environment);
    new SourceTree(request).read(new Into(scanner, report, dependencies));
    log.println(dependencies.finish(report));
    return report;
  }

  /** Takes the tree's files to the scanner and its results to the report. */
  private final class Into implements SourceTree.Reader {
    private final FileScanner scanner;
    private final Report report;
    private final @Nullable DependencyScan dependencies;

    Into(FileScanner scanner, Report report, @Nullable DependencyScan dependencies) {
      this.scanner = scanner;
      this.report = report;
      this.dependencies = dependencies;
    }

    @Override
    public void file(String path, byte[] content) {
      if (FileScanner.isBinary(content)) {
        report.skipped(path, SourceTree.Skip.BINARY);
        return;
      }
      report.scanned(path, content.length, scanner.scan(path, content));
      if (dependencies != null) {
        dependencies.file(path, content);
      }
      if (report.filesScanned() % FILES_BETWEEN_LOG_LINES == 0) {
        log.println(report.filesScanned() + " files scanned so far");
      }
    }

    @Override
    public void skipped(String path, SourceTree.Skip reason) {
      report.skipped(path, reason);
    }
  }
}
