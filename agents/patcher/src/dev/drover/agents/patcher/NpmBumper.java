package dev.drover.agents.patcher;

import dev.drover.agents.kit.Glob;
import dev.drover.agents.kit.WorkFailure;
import dev.drover.agents.kit.version.VersionOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Sets another version of a package in package.json files and, where that is sound, in their lock.
 */
final class NpmBumper {
  static final List<String> SECTIONS =
      List.of("dependencies", "devDependencies", "optionalDependencies");
  private static final List<Glob> MANIFESTS = Glob.all(List.of("package.json"));

  private final Fix.NpmBump fix;
  private final Workspace files;
  private final FixOutcome outcome;
  private final TreeSet<String> refusals = new TreeSet<>();
  private boolean changed;
  private boolean already;

  private NpmBumper(Fix.NpmBump fix, Workspace files, FixOutcome outcome) {
    this.fix = fix;
    this.files = files;
    this.outcome = outcome;
  }

  static void apply(Fix.NpmBump fix, Workspace files, FixOutcome outcome)
      throws FixProblem, WorkFailure {
    NpmBumper bumper = new NpmBumper(fix, files, outcome);
    for (String path : files.find(MANIFESTS)) {
      if (Glob.anyMatches(fix.files(), path)) {
        bumper.manifest(path);
      }
    }
    bumper.conclude();
  }

  private void manifest(String path) throws FixProblem {
    FileState before = files.read(path).orElse(null);
    if (before == null) {
      return;
    }
    try {
      manifest(path, before, JsonPlaces.parse(path, before.decoded().text()));
    } catch (JsonPlaces.NotJson e) {
      outcome.note("left out: " + e.getMessage());
    }
  }

  private void manifest(String path, FileState before, JsonPlaces.Value json) throws FixProblem {
    FileState.Decoded decoded = before.decoded();
    String text = decoded.text();
    List<Places.Splice> splices = new ArrayList<>();
    Map<String, NpmRange> ranges = new LinkedHashMap<>();
    for (String section : SECTIONS) {
      JsonPlaces.Value value =
          json.member(section).flatMap(each -> each.member(fix.name())).orElse(null);
      if (value != null) {
        range(path, text, value, splices).ifPresent(range -> ranges.put(section, range));
      }
    }
    if (json.member("peerDependencies").flatMap(each -> each.member(fix.name())).isPresent()) {
      outcome.note(path + " also has it as a peer dependency, which was left as it is");
    }
    if (!splices.isEmpty()) {
      files.put(path, before.with(decoded.encode(Places.splice(text, splices))));
      changed = true;
    }
    if (!ranges.isEmpty()) {
      new NpmLock(fix, files, outcome).update(path, ranges);
    }
  }

  /** The range as it shall be; empty if it stays as it is. */
  private Optional<NpmRange> range(
      String path, String text, JsonPlaces.Value value, List<Places.Splice> splices) {
    String where = path + ":" + Places.line(text, value.start());
    Optional<NpmRange> found = NpmRange.of(value.text());
    if (found.isEmpty()) {
      refusals.add(
          where + " has \"" + value.text() + "\", which is not one version: change it by hand");
      return Optional.empty();
    }
    String to = fix.versions().to();
    if (found.get().version().equals(to)) {
      already = true;
      return found;
    }
    Optional<String> refusal =
        Guard.refusal(fix.versions(), found.get().version(), VersionOrder.SEMANTIC);
    if (refusal.isPresent()) {
      refusals.add(where + ": " + refusal.get());
      return Optional.empty();
    }
    NpmRange fresh = found.get().with(to);
    splices.add(value.becomes(fresh.text()));
    outcome.edit(path, Places.line(text, value.start()), value.text(), fresh.text());
    return Optional.of(fresh);
  }

  private void conclude() throws FixProblem {
    if (changed || already) {
      refusals.forEach(refusal -> outcome.note("not changed: " + refusal));
      if (outcome.edits().isEmpty()) {
        outcome.already(fix.name() + " is at " + fix.versions().to());
      }
    } else if (refusals.isEmpty()) {
      throw new FixProblem(fix.name() + " is a dependency of no package.json that matches");
    } else {
      throw new FixProblem(fix.name() + ": " + String.join("; ", refusals));
    }
  }
}
