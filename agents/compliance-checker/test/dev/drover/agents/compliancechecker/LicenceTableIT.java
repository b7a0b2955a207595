package dev.drover.agents.compliancechecker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drover.agents.kit.ShippedManifest;
import dev.drover.agents.kit.WorkFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LicenceTableIT {
  @TempDir Path folder;
  private LicenceTable table;

  @BeforeAll
  void read() throws WorkFailure {
    table = Tables.shipped();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The Apache Software License, Version 2.0|Apache-2.0",
        "Apache License v2.0|Apache-2.0",
        "apache2|Apache-2.0",
        "ASL 2.0|Apache-2.0",
        "http://www.apache.org/licenses/LICENSE-2.0.txt|Apache-2.0",
        "https://opensource.org/licenses/MIT|MIT",
        "The MIT License (MIT)|MIT",
        "Eclipse Public License - v 2.0|EPL-2.0",
        "EPL2|EPL-2.0",
        "EDL 1.0|BSD-3-Clause",
        "New BSD License|BSD-3-Clause",
        "BSD 3-Clause|BSD-3-Clause",
        "The BSD 2-Clause License|BSD-2-Clause",
        "GPLv2|GPL-2.0-only",
        "GPL v2 or later|GPL-2.0-or-later",
        "GNU General Public License v3 (GPLv3)|GPL-3.0-only",
        "GNU General Public License, version 2 (GPL2), with the classpath exception|GPL-2.0-only WITH Classpath-exception-2.0",
        "GPL2 w/ CPE|GPL-2.0-only WITH Classpath-exception-2.0",
        "GNU Lesser General Public License v2.1 or later|LGPL-2.1-or-later",
        "LGPL-2.1+|LGPL-2.1-or-later",
        "CDDL + GPLv2 with classpath exception|CDDL-1.0 OR GPL-2.0-only WITH Classpath-exception-2.0",
        "Mozilla Public License 2.0 (MPL 2.0)|MPL-2.0",
        "Public Domain, per Creative Commons CC0|CC0-1.0",
        "https://example.org/blob/main/LICENSE_EPLv2.txt|EPL-2.0",
        "0BSD|0BSD",
        "Python Software Foundation License|PSF-2.0",
        "(MIT OR Apache-2.0)|MIT OR Apache-2.0"
      })
  void usualSpellingsAreUnderstood(String words, String expression) {
    assertThat(table.named(words).map(Expression::text)).contains(expression);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"BSD", "GPL", "Apache", "Public Domain", "Proprietary", "The BSD License"})
  void aFamilyIsNoLicence(String words) {
    assertThat(table.named(words)).isEmpty();
    assertThat(table.isFamily(words)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "UNLICENSED",
        "MIT and a bit of magic",
        "GPL 7",
        "../../etc/passwd",
        "https://example.org/"
      })
  void whatIsNotUnderstoodIsNotGuessed(String words) {
    assertThat(table.named(words)).isEmpty();
  }

  /**
   * Each mark of the table: its phrases, with other words around, are that licence and no other.
   */
  @Test
  void eachTextIsRecognisedAsItsOwnLicence() throws Exception {
    int marks = 0;
    for (Map.Entry<String, JsonNode> licence : document().path("licences").properties()) {
      String id = licence.getKey();
      JsonNode known = licence.getValue();
      for (var mark : known.path("texts")) {
        StringBuilder text = new StringBuilder("Copyright 2020 Somebody\n\n");
        mark.path("has")
            .forEach(phrase -> text.append("* ").append(phrase.asText()).append("...\n"));
        assertThat(table.texts().recognise(text.toString().toUpperCase(Locale.ROOT)))
            .as(id)
            .map(Expression::text)
            .contains(id);
        marks++;
      }
    }
    assertThat(marks).isGreaterThan(45);
  }

  @Test
  void textsThatHoldTwoLicencesStandUnderBoth() throws Exception {
    String mit = text("MIT");
    String zlib = text("Zlib");
    assertThat(table.texts().recognise(mit + "\n----\n" + zlib).map(Expression::text))
        .contains("MIT AND Zlib");
    assertThat(table.texts().recognise("All rights reserved. Ask us.")).isEqualTo(Optional.empty());
  }

  @Test
  void aBrokenTableIsAFailureThatSaysWhere() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("licences.yaml"),
            "licences: { MIT: { names: [x] }, Zlib: { names: [x] } }");
    assertThatThrownBy(() -> LicenceTable.read(file))
        .isInstanceOf(WorkFailure.class)
        .hasMessageContaining("\"x\" means both");
    assertThatThrownBy(() -> LicenceTable.read(folder.resolve("none")))
        .hasMessageContaining("start the agent in its own folder");
  }

  private static String text(String id) throws Exception {
    var marks = document().path("licences").path(id).path("texts");
    StringBuilder text = new StringBuilder();
    marks.path(0).path("has").forEach(phrase -> text.append(phrase.asText()).append("\n"));
    return text.toString();
  }

  private static JsonNode document() throws Exception {
    return ShippedManifest.yaml(Files.readString(Tables.FILE));
  }
}
