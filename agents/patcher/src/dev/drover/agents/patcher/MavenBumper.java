package dev.drover.agents.patcher;

import dev.drover.agents.kit.Glob;
import dev.drover.agents.kit.WorkFailure;
import dev.drover.agents.kit.XmlDocument;
import dev.drover.agents.kit.XmlElement;
import dev.drover.agents.kit.version.VersionOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sets another version of an artifact where pom files name it: in place, or in the property that
 * holds it, be it in a parent of the tree.
 */
final class MavenBumper {
  private static final List<Glob> POMS = Glob.all(List.of("pom.xml", "*.pom"));
  private static final Pattern PROPERTY = Pattern.compile("\\$\\{([^${}]{1,200})\\}");
  private static final int MOST_PARENTS = 50;

  private final Fix.MavenBump fix;
  private final FixOutcome outcome;
  private final Map<String, Pom> poms = new LinkedHashMap<>();
  private final Map<String, List<Places.Splice>> splices = new LinkedHashMap<>();
  private final TreeSet<String> refusals = new TreeSet<>();
  private final TreeSet<String> managed = new TreeSet<>();
  private boolean already;

  private MavenBumper(Fix.MavenBump fix, FixOutcome outcome) {
    this.fix = fix;
    this.outcome = outcome;
  }

  static void apply(Fix.MavenBump fix, Workspace files, FixOutcome outcome)
      throws FixProblem, WorkFailure {
    new MavenBumper(fix, outcome).apply(files);
  }

  private void apply(Workspace files) throws FixProblem, WorkFailure {
    for (String path : files.find(POMS)) {
      read(path, files);
    }
    for (Pom pom : poms.values()) {
      if (Glob.anyMatches(fix.files(), pom.path())) {
        bump(pom);
      }
    }
    for (Map.Entry<String, List<Places.Splice>> change : splices.entrySet()) {
      Pom pom = poms.get(change.getKey());
      FileState before = files.read(change.getKey()).orElse(null);
      if (pom != null && before != null) {
        String text = Places.splice(pom.text(), change.getValue());
        files.put(pom.path(), before.with(pom.decoded().encode(text)));
      }
    }
    conclude();
  }

  private void read(String path, Workspace files) throws FixProblem {
    FileState state = files.read(path).orElse(null);
    if (state == null) {
      return;
    }
    if (state.isBinary()) {
      outcome.note(path + " was left out: it is UTF-16 or no text");
      return;
    }
    FileState.Decoded decoded = state.decoded();
    try {
      XmlElement root = XmlDocument.parse(decoded.text());
      if (root.name().equals("project")) {
        poms.put(path, new Pom(path, decoded, root));
      }
    } catch (XmlDocument.NotXml e) {
      outcome.note(path + " was left out: " + e.getMessage());
    }
  }

  private void bump(Pom pom) {
    for (Pom.Artifact artifact : pom.artifacts()) {
      if (artifact.name().equals(fix.artifact()) && groupFits(pom, artifact.group())) {
        if (artifact.version().isEmpty()) {
          managed.add(pom.path() + " has it without a version, which is managed elsewhere");
        }
        for (XmlElement version : artifact.version()) {
          version(pom, version);
        }
      }
    }
  }

  /** The group may be given by a property, too. */
  private boolean groupFits(Pom pom, String group) {
    Matcher matcher = PROPERTY.matcher(group);
    if (!matcher.matches()) {
      return group.equals(fix.group());
    }
    String name = matcher.group(1);
    if (name.equals("project.groupId") || name.equals("groupId")) {
      return pom.coordinates().startsWith(fix.group() + ":");
    }
    return owner(pom, name)
        .map(owner -> owner.property(name).get(0).text().equals(fix.group()))
        .orElse(false);
  }

  private void version(Pom pom, XmlElement version) {
    if (!version.isOnePiece()) {
      refusals.add(pom.path() + " has a version that is empty or cut by a comment");
      return;
    }
    Matcher property = PROPERTY.matcher(version.text());
    if (property.matches()) {
      property(pom, property.group(1));
    } else if (version.text().contains("${") || version.text().matches("[\\[(].*")) {
      refusals.add(
          pom.path()
              + ":"
              + pom.line(version)
              + " has "
              + version.text()
              + ", a range or a text with a property in it: change it by hand");
    } else {
      set(pom, version);
    }
  }

  private void property(Pom pom, String name) {
    Optional<Pom> owner = owner(pom, name);
    if (owner.isEmpty()) {
      refusals.add(
          pom.path() + " takes it from ${" + name + "}, which no pom file of the tree sets");
      return;
    }
    boolean changed = false;
    for (XmlElement value : owner.get().property(name)) {
      if (!value.isOnePiece() || value.text().contains("${")) {
        refusals.add(owner.get().path() + " sets ${" + name + "} to no plain version");
      } else {
        changed |= set(owner.get(), value);
      }
    }
    List<String> others = new ArrayList<>();
    for (Pom each : poms.values()) {
      others.addAll(each.usesOf(name, fix.coordinates()));
    }
    if (changed) {
      outcome.note(
          "${"
              + name
              + "} in "
              + owner.get().path()
              + (others.isEmpty()
                  ? " has no other users"
                  : " is used by " + String.join(", ", others)));
    }
  }

  /** The pom itself, or the nearest of its parents in the tree, that sets the property. */
  private Optional<Pom> owner(Pom pom, String property) {
    Optional<Pom> here = Optional.of(pom);
    for (int i = 0; i < MOST_PARENTS && here.isPresent(); i++) {
      if (!here.get().property(property).isEmpty()) {
        return here;
      }
      String parent = here.get().parentCoordinates();
      here = poms.values().stream().filter(each -> each.coordinates().equals(parent)).findFirst();
    }
    return Optional.empty();
  }

  /** True if it changes now or was to change already for another use of the same place. */
  private boolean set(Pom pom, XmlElement version) {
    String found = version.text();
    String to = fix.versions().to();
    if (found.equals(to)) {
      already = true;
      return false;
    }
    Optional<String> refusal = Guard.refusal(fix.versions(), found, VersionOrder.MAVEN);
    if (refusal.isPresent()) {
      refusals.add(pom.path() + ":" + pom.line(version) + ": " + refusal.get());
      return false;
    }
    Places.Splice splice = new Places.Splice(version.textStart(), version.textEnd(), to);
    List<Places.Splice> ofFile = splices.computeIfAbsent(pom.path(), any -> new ArrayList<>());
    if (ofFile.contains(splice)) {
      return false;
    }
    ofFile.add(splice);
    outcome.edit(pom.path(), pom.line(version), found, to);
    return true;
  }

  private void conclude() throws FixProblem {
    if (!splices.isEmpty()) {
      refusals.forEach(refusal -> outcome.note("not changed: " + refusal));
    } else if (already) {
      outcome.already(fix.coordinates() + " is at " + fix.versions().to());
      refusals.forEach(refusal -> outcome.note("not changed: " + refusal));
    } else {
      refusals.addAll(managed);
      throw new FixProblem(
          fix.coordinates()
              + (refusals.isEmpty()
                  ? " is named in no pom file that matches"
                  : ": " + String.join("; ", refusals)));
    }
  }
}
