package dev.drover.agents.securityscanner;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes findings as SARIF 2.1.0, which code hosting platforms and editors show beside the code. A
 * known fault of a dependency is a rule of its own there, under its id.
 */
final class SarifLog {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  private static final int FINGERPRINT = 32;

  private final JsonGenerator json;
  private final Map<String, Integer> ruleIndex = new LinkedHashMap<>();
  private final Map<String, Integer> alike = new HashMap<>();

  SarifLog(JsonGenerator json) {
    this.json = json;
  }

  void write(List<Finding> findings, Collection<Report.Unchecked> unchecked) throws IOException {
    json.writeStartObject();
    json.writeStringField("$schema", SCHEMA);
    json.writeStringField("version", "2.1.0");
    json.writeArrayFieldStart("runs");
    json.writeStartObject();
    json.writeObjectFieldStart("tool");
    json.writeObjectFieldStart("driver");
    json.writeStringField("name", "Drover security-scanner");
    rules(findings);
    json.writeEndObject();
    json.writeEndObject();
    json.writeStringField("columnKind", "unicodeCodePoints");
    invocation(unchecked);
    json.writeArrayFieldStart("results");
    for (Finding finding : findings) {
      result(finding);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private void rules(List<Finding> findings) throws IOException {
    json.writeArrayFieldStart("rules");
    for (Finding finding : findings) {
      if (ruleIndex.putIfAbsent(ruleId(finding), ruleIndex.size()) == null) {
        rule(finding);
      }
    }
    json.writeEndArray();
  }

  private void rule(Finding finding) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", ruleId(finding));
    text("shortDescription", finding.rule().description());
    text("help", finding.rule().remedy());
    if (finding.vulnerability().isPresent()) {
      json.writeStringField("helpUri", "https://osv.dev/vulnerability/" + encoded(ruleId(finding)));
    }
    json.writeObjectFieldStart("defaultConfiguration");
    json.writeStringField("level", level(finding.rule().severity()));
    json.writeEndObject();
    json.writeObjectFieldStart("properties");
    json.writeStringField("security-severity", score(finding.rule().severity()));
    json.writeArrayFieldStart("tags");
    json.writeString("security");
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private void result(Finding finding) throws IOException {
    json.writeStartObject();
    json.writeStringField("ruleId", ruleId(finding));
    json.writeNumberField("ruleIndex", ruleIndex.getOrDefault(ruleId(finding), 0));
    json.writeStringField("level", level(finding.rule().severity()));
    text(
        "message",
        finding.rule().description() + ": " + finding.match() + ". " + finding.rule().remedy());
    json.writeArrayFieldStart("locations");
    json.writeStartObject();
    json.writeObjectFieldStart("physicalLocation");
    artifact(finding.file());
    json.writeObjectFieldStart("region");
    json.writeNumberField("startLine", finding.line());
    json.writeNumberField("startColumn", finding.column());
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndArray();
    json.writeObjectFieldStart("partialFingerprints");
    json.writeStringField("droverFinding/v1", fingerprint(finding));
    json.writeEndObject();
    json.writeEndObject();
  }

  private void invocation(Collection<Report.Unchecked> unchecked) throws IOException {
    json.writeArrayFieldStart("invocations");
    json.writeStartObject();
    json.writeBooleanField("executionSuccessful", true);
    json.writeArrayFieldStart("toolExecutionNotifications");
    for (Report.Unchecked one : unchecked) {
      json.writeStartObject();
      json.writeStringField("level", "warning");
      text("message", "Not checked: " + one.reason());
      json.writeArrayFieldStart("locations");
      json.writeStartObject();
      json.writeObjectFieldStart("physicalLocation");
      artifact(one.file());
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }

  private void artifact(String file) throws IOException {
    json.writeObjectFieldStart("artifactLocation");
    json.writeStringField("uri", encoded(file));
    json.writeStringField("uriBaseId", "%SRCROOT%");
    json.writeEndObject();
  }

  private void text(String name, String text) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("text", text);
    json.writeEndObject();
  }

  private static String ruleId(Finding finding) {
    return finding.vulnerability().map(each -> each.ids().get(0)).orElse(finding.rule().id());
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case CRITICAL, HIGH -> "error";
      case MEDIUM -> "warning";
      case LOW -> "note";
    };
  }

  /** In the middle of the ranges by which platforms turn scores into words again. */
  private static String score(Severity severity) {
    return switch (severity) {
      case CRITICAL -> "9.5";
      case HIGH -> "8.0";
      case MEDIUM -> "5.5";
      case LOW -> "2.0";
    };
  }

  /** The same for the same finding when lines are added above it. */
  private String fingerprint(Finding finding) {
    String what = ruleId(finding) + "\n" + finding.file() + "\n" + finding.match();
    int number = alike.merge(what, 1, Integer::sum);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest((what + "\n" + number).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, FINGERPRINT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A relative reference of a URI. */
  private static String encoded(String path) {
    StringBuilder out = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 128 && (Character.isLetterOrDigit(c) || "-._~/".indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return out.toString();
  }
}
