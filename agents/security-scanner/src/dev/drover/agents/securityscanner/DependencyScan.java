package dev.drover.agents.securityscanner;

import dev.drover.agents.securityscanner.dependency.Dependency;
import dev.drover.agents.securityscanner.dependency.DependencyFiles;
import dev.drover.agents.securityscanner.dependency.OsvApi;
import dev.drover.agents.securityscanner.dependency.OsvExport;
import dev.drover.agents.securityscanner.dependency.Vulnerability;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects the files that name dependencies, and looks the dependencies up when all are in. */
final class DependencyScan {
  static final String RULE = "vulnerable-dependency";

  /** Set by the operator, who thereby allows that names and versions leave the machine. */
  private static final String API = "OSV_API";

  private static final int LONGEST_SUMMARY = 200;

  private final Request.Advisories advisories;
  private final Map<String, String> environment;
  private final DependencyFiles files = new DependencyFiles();
  private final Map<String, Allowances> allowances = new HashMap<>();

  DependencyScan(Request.Advisories advisories, Map<String, String> environment) {
    this.advisories = advisories;
    this.environment = environment;
    if (advisories.api()) {
      api();
    } else {
      export();
    }
  }

  void file(String path, byte[] content) {
    if (DependencyFiles.isOne(path)) {
      String text = FileScanner.oneCharPerByte(content);
      files.add(path, text);
      if (text.contains("drover:allow")) {
        allowances.put(path, new Allowances(text, new Positions(text)));
      }
    }
  }

  /** Tells the report, and returns a line for the log. */
  String finish(Report report) {
    Set<Dependency> dependencies = files.dependencies();
    for (DependencyFiles.Problem problem : files.problems()) {
      report.unchecked(problem.file(), Mask.line(problem.reason(), 400));
    }
    Set<String> ignored = new HashSet<>(advisories.ignore());
    List<Finding> findings = new ArrayList<>();
    long allowed = 0;
    StringBuilder words = new StringBuilder();
    for (Vulnerability each : look(dependencies, report, words)) {
      if (each.ids().stream().anyMatch(ignored::contains) || isAllowed(each)) {
        allowed++;
      } else {
        findings.add(finding(each));
      }
    }
    report.dependencies(dependencies.size(), findings, allowed);
    return dependencies.size() + " dependencies checked" + words;
  }

  private List<Vulnerability> look(Set<Dependency> all, Report report, StringBuilder words) {
    if (all.isEmpty()) {
      return List.of();
    }
    try {
      if (advisories.api()) {
        return new OsvApi(api()).check(all);
      }
      OsvExport export = new OsvExport(export());
      List<Vulnerability> found = export.check(all);
      words.append(" by ").append(export.records()).append(" records");
      if (export.records() == 0) {
        throw new ScanException(
            ScanException.BAD_INPUT,
            "osv holds no records: name an all.zip of osv.dev, or a folder with such");
      }
      if (export.unreadable() > 0) {
        report.unchecked("osv", export.unreadable() + " entries are no records");
      }
      return found;
    } catch (OsvApi.Unavailable e) {
      throw new ScanException(ScanException.TEMPORARY, e.getMessage() + ": try again");
    } catch (IOException e) {
      throw new ScanException(
          ScanException.BROKEN, "the export of OSV can't be read: " + e.getClass().getSimpleName());
    }
  }

  private URI api() {
    String address = environment.getOrDefault(API, "");
    if (!address.matches(
        "https://[^\\s@?#]+|http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\])(?::\\d+)?/?")) {
      throw new ScanException(
          ScanException.BAD_INPUT,
          "osvApi is not allowed here: the operator must set OSV_API to the API's https address,"
              + " and allow the network, in the agent's manifest");
    }
    return URI.create(address);
  }

  private Path export() {
    try {
      Path path = Path.of(advisories.export());
      if (Files.isReadable(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Told as one that does not exist.
    }
    throw new ScanException(
        ScanException.BAD_INPUT,
        "osv does not exist where the agent runs: name an export of osv.dev");
  }

  private boolean isAllowed(Vulnerability vulnerability) {
    Allowances ofFile = allowances.get(vulnerability.dependency().file());
    int line = vulnerability.dependency().line();
    return ofFile != null
        && (ofFile.allows(line, RULE)
            || vulnerability.ids().stream()
                .anyMatch(id -> ofFile.allows(line, id.toLowerCase(Locale.ROOT))));
  }

  private static Finding finding(Vulnerability vulnerability) {
    Dependency dependency = vulnerability.dependency();
    Optional<Severity> rated = Severity.of(vulnerability.rating());
    String summary = vulnerability.summary().isEmpty() ? "Known fault" : vulnerability.summary();
    String description =
        Mask.line(summary, LONGEST_SUMMARY)
            + " ("
            + Mask.line(String.join(", ", vulnerability.ids()), LONGEST_SUMMARY)
            + (rated.isPresent() ? ")" : ", not rated)");
    RuleInfo rule =
        new RuleInfo(RULE, rated.orElse(Severity.MEDIUM), description, remedy(vulnerability));
    return new Finding(
        dependency.file(),
        dependency.line(),
        dependency.column(),
        rule,
        Mask.line(dependency.name() + " " + dependency.version(), LONGEST_SUMMARY),
        Optional.of(vulnerability));
  }

  /** The last of the versions that mend it: several records may each have one. */
  private static String remedy(Vulnerability vulnerability) {
    List<String> fixed = vulnerability.fixed();
    return fixed.isEmpty()
        ? "No fixed version is known: replace the package, or see whether the fault can be reached."
        : "Upgrade to " + Mask.line(fixed.get(fixed.size() - 1), 100) + " or later.";
  }
}
