package dev.drover.agents.compliancechecker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.agents.kit.ShippedManifest;
import dev.drover.agents.kit.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A report of the checker, held against its manifest. */
record Checked(JsonNode report) {

  /** Runs in this process; the policy and further members may be written with single quotes. */
  static Checked of(Path target, String members) throws IOException {
    Trial trial = trial(target, members);
    assertThat(trial.exit()).as(trial.log()).isZero();
    JsonNode report = trial.receipt();
    assertThat(ShippedManifest.of("compliance-checker").problems("output", report)).isEmpty();
    return new Checked(report);
  }

  static Trial trial(Path target, String members) {
    String json = "{'target':'" + target + "'" + (members.isEmpty() ? "" : "," + members) + "}";
    return Trial.inProcess(new ComplianceChecker(Tables.FILE), json, Map.of());
  }

  /** Expressions by package, {@code ?} where unknown; with the role or verdict for own ones. */
  Map<String, String> packages() {
    Map<String, String> packages = new TreeMap<>();
    for (JsonNode one : report.path("packages")) {
      String expression = one.path("expression").asText();
      String version = one.path("version").asText();
      packages.put(
          one.path("package").asText() + (version.isEmpty() ? "" : " " + version),
          (expression.isEmpty() ? "?" : expression)
              + (one.path("verdict").asText().equals("own") ? " (own)" : ""));
    }
    return packages;
  }

  /** Findings as kind, file, line and package. */
  Map<String, String> findings() {
    Map<String, String> findings = new TreeMap<>();
    for (JsonNode one : report.path("findings")) {
      String place = one.path("file").asText() + ":" + one.path("line").asInt();
      findings.put(place + " " + one.path("package").asText(), one.path("kind").asText());
    }
    return findings;
  }
}
