package dev.drover.agents.securityscanner;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.drover.agents.securityscanner.dependency.Vulnerability;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * What has been found so far. Counts are always complete; of the findings only the first ones in
 * the order of the report are kept, so that a tree full of secrets costs no more memory than a
 * clean one.
 */
final class Report {
  /** The engine takes 1 MiB; the rest of the document needs a small part of it. */
  private static final int MOST_BYTES_OF_FINDINGS = 900 << 10;

  private static final int MOST_UNCHECKED = 100;
  private static final int LONGEST_NAME = 500;

  /** A file, or a part of one, that was not checked. */
  record Unchecked(String file, String reason) implements Comparable<Unchecked> {
    @Override
    public int compareTo(Unchecked other) {
      int byFile = file.compareTo(other.file);
      return byFile != 0 ? byFile : reason.compareTo(other.reason);
    }
  }

  private final Severity least;
  private final int most;
  private final PriorityQueue<Finding> kept =
      new PriorityQueue<>(Collections.reverseOrder(Finding.ORDER));
  private final EnumMap<Severity, Long> counts = new EnumMap<>(Severity.class);
  private final TreeSet<Unchecked> unchecked = new TreeSet<>();
  private long filesScanned;
  private long filesSkipped;
  private long bytesScanned;
  private long suppressed;
  private long dependencies;

  Report(Severity least, int most) {
    this.least = least;
    this.most = most;
    for (Severity severity : Severity.values()) {
      counts.put(severity, 0L);
    }
  }

  void scanned(String path, int bytes, FileScanner.Result result) {
    filesScanned++;
    bytesScanned += bytes;
    suppressed += result.suppressed();
    for (Finding finding : result.findings()) {
      if (finding.rule().severity().atLeast(least)) {
        add(finding);
      }
    }
    if (!result.problem().isEmpty()) {
      list(path, result.problem());
    }
  }

  /** What the dependencies gave, once all files are scanned. */
  void dependencies(long checked, List<Finding> findings, long allowed) {
    dependencies = checked;
    suppressed += allowed;
    findings.stream().filter(each -> each.rule().severity().atLeast(least)).forEach(this::add);
  }

  /** A part of a file that could not be checked. */
  void unchecked(String path, String reason) {
    list(path, reason);
  }

  /** Binaries and links are counted only: every tree has them, and nobody can do anything. */
  void skipped(String path, SourceTree.Skip reason) {
    filesSkipped++;
    if (reason == SourceTree.Skip.TOO_LARGE || reason == SourceTree.Skip.UNREADABLE) {
      list(path, reason.words);
    }
  }

  long filesScanned() {
    return filesScanned;
  }

  /** The counts in words, for the log. */
  String summary() {
    StringBuilder out = new StringBuilder();
    out.append(filesScanned).append(" files scanned, ").append(filesSkipped).append(" skipped: ");
    String separator = "";
    for (Map.Entry<Severity, Long> count : counts.entrySet()) {
      out.append(separator).append(count.getValue()).append(' ').append(count.getKey().word());
      separator = ", ";
    }
    return out.toString();
  }

  private void add(Finding finding) {
    counts.merge(finding.rule().severity(), 1L, Long::sum);
    kept.add(finding);
    if (kept.size() > most) {
      kept.remove();
    }
  }

  private void list(String path, String reason) {
    unchecked.add(new Unchecked(path, reason));
    if (unchecked.size() > MOST_UNCHECKED) {
      unchecked.pollLast();
    }
  }

  void write(OutputStream out, boolean sarif) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      List<Finding> findings = fitting();
      write(findings, json);
      json.writeObjectFieldStart("counts");
      long total = 0;
      for (Map.Entry<Severity, Long> count : counts.entrySet()) {
        json.writeNumberField(count.getKey().word(), count.getValue());
        total += count.getValue();
      }
      json.writeEndObject();
      json.writeNumberField("filesScanned", filesScanned);
      json.writeNumberField("filesSkipped", filesSkipped);
      json.writeNumberField("bytesScanned", bytesScanned);
      json.writeNumberField("suppressed", suppressed);
      json.writeNumberField("dependencies", dependencies);
      writeUnchecked(json);
      json.writeBooleanField("truncated", findings.size() < total);
      json.writeBooleanField("clean", total == 0);
      if (sarif) {
        json.writeFieldName("sarif");
        new SarifLog(json).write(findings, unchecked);
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static void write(List<Finding> findings, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("findings");
    for (Finding finding : findings) {
      write(finding, json);
    }
    json.writeEndArray();
  }

  /** The worst, as many as the engine takes. */
  private List<Finding> fitting() throws IOException {
    List<Finding> sorted = new ArrayList<>(kept);
    sorted.sort(Finding.ORDER);
    long bytes = 0;
    for (int i = 0; i < sorted.size(); i++) {
      bytes += sizeOf(sorted.get(i));
      if (bytes > MOST_BYTES_OF_FINDINGS) {
        return sorted.subList(0, i);
      }
    }
    return sorted;
  }

  private void writeUnchecked(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("unchecked");
    for (Unchecked one : unchecked) {
      json.writeStartObject();
      json.writeStringField("file", Mask.line(one.file(), LONGEST_NAME));
      json.writeStringField("reason", one.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static int sizeOf(Finding finding) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
      write(finding, json);
    }
    return bytes.size() + 1;
  }

  private static void write(Finding finding, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("file", finding.file());
    json.writeNumberField("line", finding.line());
    json.writeNumberField("column", finding.column());
    json.writeStringField("rule", finding.rule().id());
    json.writeStringField("severity", finding.rule().severity().word());
    json.writeStringField("description", finding.rule().description());
    json.writeStringField("match", finding.match());
    json.writeStringField("remedy", finding.rule().remedy());
    if (finding.vulnerability().isPresent()) {
      write(finding.vulnerability().get(), json);
    }
    json.writeEndObject();
  }

  private static void write(Vulnerability vulnerability, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("dependency");
    json.writeStringField("ecosystem", vulnerability.dependency().ecosystem().osvName());
    json.writeStringField("name", vulnerability.dependency().name());
    json.writeStringField("version", vulnerability.dependency().version());
    texts("ids", vulnerability.ids(), json);
    texts("fixed", vulnerability.fixed(), json);
    json.writeEndObject();
  }

  private static void texts(String name, List<String> texts, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }
}
