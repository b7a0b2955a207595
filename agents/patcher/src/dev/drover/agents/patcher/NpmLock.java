package dev.drover.agents.patcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows a changed package.json in package-lock.json, if the result is one that npm could have
 * written: the locked version still fits, or the new archive's integrity was given. Else the lock
 * stays as it is, and says to npm that it is out of date.
 */
final class NpmLock {
  private static final List<String> OTHERS = List.of("yarn.lock", "pnpm-lock.yaml", "bun.lock");

  private final Fix.NpmBump fix;
  private final Workspace files;
  private final FixOutcome outcome;
  private final List<Places.Splice> splices = new ArrayList<>();

  NpmLock(Fix.NpmBump fix, Workspace files, FixOutcome outcome) {
    this.fix = fix;
    this.files = files;
    this.outcome = outcome;
  }

  /** Finds the lock beside the package.json or, for a workspace, in a folder above it. */
  void update(String manifest, Map<String, NpmRange> ranges) throws FixProblem {
    String folder = folderOf(manifest);
    for (String here = folder; ; here = folderOf(here.substring(0, here.length() - 1))) {
      for (String name : OTHERS) {
        if (exists(here + name)) {
          outcome.note(here + name + " was not changed: let its own tool do it");
        }
      }
      String path = here + "package-lock.json";
      if (exists(path)) {
        update(path, folder.substring(here.length()), ranges);
        return;
      }
      if (here.isEmpty()) {
        return;
      }
    }
  }

  private boolean exists(String path) throws FixProblem {
    return files.read(path).isPresent();
  }

  private static String folderOf(String path) {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  private void update(String path, String workspace, Map<String, NpmRange> ranges)
      throws FixProblem {
    FileState before = files.read(path).orElseThrow();
    FileState.Decoded decoded = before.decoded();
    Optional<String> obstacle;
    try {
      obstacle = plan(JsonPlaces.parse(path, decoded.text()), workspace, ranges);
    } catch (JsonPlaces.NotJson e) {
      obstacle = Optional.of(String.valueOf(e.getMessage()));
    }
    if (obstacle.isPresent()) {
      outcome.note(
          path
              + " was not changed: "
              + obstacle.get()
              + "; run npm install --package-lock-only --ignore-scripts");
    } else if (!splices.isEmpty()) {
      String text = decoded.text();
      for (Places.Splice splice : splices) {
        int line = Places.line(text, splice.from());
        outcome.edit(path, line, text.substring(splice.from(), splice.to()), splice.text());
      }
      files.put(path, before.with(decoded.encode(Places.splice(text, splices))));
    }
  }

  /** Collects the splices; returns what stands in the way. */
  private Optional<String> plan(
      JsonPlaces.Value lock, String workspace, Map<String, NpmRange> ranges) {
    Map<String, JsonPlaces.Value> packages =
        lock.member("packages").map(JsonPlaces.Value::members).orElse(Map.of());
    if (packages.isEmpty()) {
      return Optional.of("it is of version 1, which does not hold the ranges");
    }
    String key = workspace.isEmpty() ? "" : workspace.substring(0, workspace.length() - 1);
    JsonPlaces.Value project = packages.get(key);
    String own = (key.isEmpty() ? "" : key + "/") + "node_modules/" + fix.name();
    String entryKey = packages.containsKey(own) ? own : "node_modules/" + fix.name();
    JsonPlaces.Value entry = packages.get(entryKey);
    if (project == null || entry == null) {
      return Optional.of("it does not know the package yet");
    }
    ranges.forEach(
        (section, range) ->
            project
                .member(section)
                .flatMap(each -> each.member(fix.name()))
                .filter(value -> !value.text().equals(range.text()))
                .ifPresent(value -> splices.add(value.becomes(range.text()))));
    String to = fix.versions().to();
    String locked = entry.member("version").map(JsonPlaces.Value::text).orElse("");
    if (ranges.values().stream().allMatch(range -> range.admits(locked))) {
      return Optional.empty();
    }
    if (fix.integrity().isEmpty()) {
      return Optional.of("it locks " + locked + ", and the integrity of " + to + " is not given");
    }
    Optional<String> other = whoElseMinds(packages, entryKey, to);
    return other.isPresent() ? other : entry(lock, entry, entryKey, locked, to);
  }

  private Optional<String> entry(
      JsonPlaces.Value lock, JsonPlaces.Value entry, String key, String locked, String to) {
    if (!archive(entry, locked, to)) {
      return Optional.of("its entry is not of a registry's usual form");
    }
    if (key.equals("node_modules/" + fix.name())) {
      // Version 2 holds the same a second time, for npm 6.
      Optional<JsonPlaces.Value> legacy =
          lock.member("dependencies").flatMap(each -> each.member(fix.name()));
      if (legacy.isPresent() && !archive(legacy.get(), locked, to)) {
        return Optional.of("its second entry is not of a registry's usual form");
      }
    }
    outcome.note(
        fix.name()
            + " "
            + to
            + " is locked with the dependencies of "
            + locked
            + ": if they differ, run npm install --package-lock-only --ignore-scripts");
    return Optional.empty();
  }

  private boolean archive(JsonPlaces.Value entry, String locked, String to) {
    JsonPlaces.Value version = entry.member("version").orElse(null);
    JsonPlaces.Value resolved = entry.member("resolved").orElse(null);
    JsonPlaces.Value integrity = entry.member("integrity").orElse(null);
    String file = fix.name().substring(fix.name().lastIndexOf('/') + 1) + "-";
    String end = "/" + file + locked + ".tgz";
    if (version == null
        || resolved == null
        || integrity == null
        || !resolved.text().endsWith(end)
        || resolved.end() - resolved.start() != resolved.text().length() + 2) {
      return false;
    }
    String base = resolved.text().substring(0, resolved.text().length() - end.length());
    splices.add(version.becomes(to));
    splices.add(resolved.becomes(base + "/" + file + to + ".tgz"));
    splices.add(integrity.becomes(fix.integrity().orElseThrow()));
    return true;
  }

  /** Another package that gets the same copy and does not want the new version. */
  private Optional<String> whoElseMinds(
      Map<String, JsonPlaces.Value> packages, String entryKey, String to) {
    for (Map.Entry<String, JsonPlaces.Value> each : packages.entrySet()) {
      boolean hasItsOwn = packages.containsKey(each.getKey() + "/node_modules/" + fix.name());
      if (each.getKey().isEmpty() || hasItsOwn || each.getKey().equals(entryKey)) {
        continue;
      }
      for (String section : List.of("dependencies", "peerDependencies")) {
        Optional<String> wanted =
            each.getValue()
                .member(section)
                .flatMap(member -> member.member(fix.name()))
                .map(JsonPlaces.Value::text);
        if (wanted.isPresent() && !NpmRange.of(wanted.get()).map(r -> r.admits(to)).orElse(false)) {
          return Optional.of(each.getKey() + " wants " + wanted.get());
        }
      }
    }
    return Optional.empty();
  }
}
