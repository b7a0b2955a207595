package dev.drover.agents.securityscanner;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** Scans one file's content: all checks together, and what remains of their sightings. */
final class FileScanner {

  /** What a file gave. {@code suppressed} counts what a comment allowed; blank problem = none. */
  record Result(List<Finding> findings, int suppressed, String problem) {}

  private static final int SNIFFED = 8000;
  private static final int LARGEST_CONTAINER_FILE = 1 << 20;

  private final SecretScanner secrets;

  FileScanner(List<SecretRule> rules) {
    this.secrets = new SecretScanner(rules);
  }

  /** As git tells them: a zero byte near the beginning, unless it is UTF-16 and says so. */
  static boolean isBinary(byte[] content) {
    if (utf16(content)) {
      return false;
    }
    for (int i = 0; i < Math.min(content.length, SNIFFED); i++) {
      if (content[i] == 0) {
        return true;
      }
    }
    return false;
  }

  Result scan(String path, byte[] content) {
    String text = oneCharPerByte(content);
    List<Sighting> sightings = new ArrayList<>(secrets.scan(path, text));
    String problem = "";
    boolean container = Dockerfile.isOne(path) || ComposeFile.isOne(path);
    if (container && text.length() > LARGEST_CONTAINER_FILE) {
      problem = "container checks left out: larger than 1 MiB";
    } else if (Dockerfile.isOne(path)) {
      sightings.addAll(DockerfileChecks.check(text));
    } else if (container) {
      problem = compose(text, sightings);
    }
    return sightings.isEmpty()
        ? new Result(List.of(), 0, problem)
        : result(path, text, sightings, problem);
  }

  private static String compose(String text, List<Sighting> into) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    try {
      String decoded = new String(bytes, StandardCharsets.UTF_8);
      Map<String, Node> services = ComposeFile.services(decoded);
      into.addAll(ComposeChecks.check(services, new NodePlaces(text)));
      return "";
    } catch (ComposeFile.NotYaml e) {
      return "container checks left out: " + e.getMessage();
    }
  }

  private static Result result(String path, String text, List<Sighting> sightings, String problem) {
    Positions positions = new Positions(text);
    Allowances allowances = new Allowances(text, positions);
    List<Finding> findings = new ArrayList<>();
    int suppressed = 0;
    for (Sighting sighting : withoutDoubles(sightings)) {
      int line = positions.line(sighting.start());
      if (allowances.allows(line, sighting.rule().id())) {
        suppressed++;
      } else {
        int column = positions.column(sighting.start());
        findings.add(new Finding(path, line, column, sighting.rule(), sighting.match()));
      }
    }
    return new Result(findings, suppressed, problem);
  }

  /** Of values that overlap, the one seen by the surest kind of rule stays. Settings all stay. */
  private static List<Sighting> withoutDoubles(List<Sighting> sightings) {
    List<Sighting> surestFirst = new ArrayList<>(sightings);
    surestFirst.sort(Comparator.comparing(Sighting::kind));
    TreeMap<Integer, Integer> taken = new TreeMap<>();
    List<Sighting> kept = new ArrayList<>();
    for (Sighting sighting : surestFirst) {
      if (sighting.kind() == Sighting.Kind.SETTING) {
        kept.add(sighting);
        continue;
      }
      Map.Entry<Integer, Integer> before = taken.lowerEntry(sighting.end());
      if (before == null || before.getValue() <= sighting.start()) {
        taken.put(sighting.start(), sighting.end());
        kept.add(sighting);
      }
    }
    return kept;
  }

  private static boolean utf16(byte[] content) {
    return content.length >= 2
        && ((content[0] == (byte) 0xff && content[1] == (byte) 0xfe)
            || (content[0] == (byte) 0xfe && content[1] == (byte) 0xff));
  }

  /**
   * All that is searched for is ASCII: one char per byte makes invalid UTF-8 harmless and every
   * index an offset.
   */
  static String oneCharPerByte(byte[] content) {
    if (utf16(content)) {
      Charset charset = StandardCharsets.UTF_16;
      byte[] utf8 = new String(content, charset).getBytes(StandardCharsets.UTF_8);
      return new String(utf8, StandardCharsets.ISO_8859_1);
    }
    boolean mark =
        content.length >= 3
            && content[0] == (byte) 0xef
            && content[1] == (byte) 0xbb
            && content[2] == (byte) 0xbf;
    int from = mark ? 3 : 0;
    return new String(content, from, content.length - from, StandardCharsets.ISO_8859_1);
  }

  /** Offsets of YAML nodes, whose marks count lines and characters. */
  private static final class NodePlaces implements ComposeChecks.Places {
    private final String text;
    private final List<Integer> lineStarts = new ArrayList<>();

    NodePlaces(String text) {
      this.text = text;
      lineStarts.add(0);
      for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
        lineStarts.add(at + 1);
      }
    }

    @Override
    public int start(Node node) {
      return node.getStartMark().map(this::offset).orElse(0);
    }

    @Override
    public int end(Node node) {
      return node.getEndMark().map(this::offset).orElse(0);
    }

    private int offset(Mark mark) {
      int at = lineStarts.get(Math.min(mark.getLine(), lineStarts.size() - 1));
      for (int column = 0; column < mark.getColumn() && at < text.length(); column++) {
        do {
          at++;
        } while (at < text.length() && Positions.isContinuation(text.charAt(at)));
      }
      return at;
    }
  }
}
