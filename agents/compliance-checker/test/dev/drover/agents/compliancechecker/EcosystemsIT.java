package dev.drover.agents.compliancechecker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of file that says something of licences. */
class EcosystemsIT {
  @TempDir Path tree;

  @Test
  void npmsLocksModulesAndProjectsAreOnePicture() throws Exception {
    write(
        "package.json",
        "{\"name\":\"own\",\"license\":\"UNLICENSED\",\"dependencies\":{\"a\":\"^1\",\"missing\":\"1\"}}");
    write(
        "package-lock.json",
        """
        {"lockfileVersion": 3, "packages": {
          "": {"name": "own"},
          "packages/work": {"name": "work"},
          "node_modules/work": {"link": true, "resolved": "packages/work"},
          "node_modules/a": {"version": "1.0.0", "license": "MIT"},
          "node_modules/a/node_modules/@s/b": {"version": "2.0.0", "license": "ISC", "dev": true},
          "node_modules/c": {"version": "3.0.0"}
        }}""");
    write(
        "node_modules/c/package.json",
        "{\"name\":\"c\",\"version\":\"3.0.0\",\"license\":\"SEE LICENSE IN terms.txt\"}");
    write(
        "node_modules/c/terms.txt",
        "This is free and unencumbered software released into the public domain.");
    write(
        "node_modules/a/package.json",
        "{\"name\":\"a\",\"version\":\"1.0.0\",\"license\":{\"type\":\"MIT\"}}");
    write("node_modules/a/lib/package.json", "{\"type\":\"module\"}");
    write(
        "node_modules/d/package.json",
        "{\"name\":\"d\",\"version\":\"4.0.0\",\"licenses\":[{\"type\":\"MIT\"},{\"type\":\"GPL\"}]}");

    Checked checked = Checked.of(tree, "");

    assertThat(checked.packages())
        .containsOnly(
            entry("own", "? (own)"),
            entry("a 1.0.0", "MIT"),
            entry("@s/b 2.0.0", "ISC"),
            entry("c 3.0.0", "Unlicense"),
            entry("d 4.0.0", "MIT OR LicenseRef-GPL"),
            entry("missing", "?"));
    assertThat(checked.findings()).containsOnly(entry("package.json:1 missing", "unknown"));
    assertThat(Checked.of(tree, "'development':false").packages()).doesNotContainKey("@s/b 2.0.0");
  }

  @Test
  void oldLocksNestAndSayNoLicences() throws Exception {
    write(
        "package-lock.json",
        """
        {"lockfileVersion": 1, "dependencies": {
          "a": {"version": "1.0.0", "dependencies": {
            "b": {"version": "2.0.0"}}}}}""");
    assertThat(Checked.of(tree, "'policy':{'unknown':'deny'}").findings())
        .containsOnly(
            entry("package-lock.json:2 a", "unknown"), entry("package-lock.json:3 b", "unknown"));
  }

  @Test
  void pythonsMetadataIsReadFromTheBestToTheLeastClear() throws Exception {
    metadata("a", "License-Expression: MIT OR Apache-2.0\nLicense: nonsense\n");
    metadata("b", "License: BSD\nClassifier: License :: OSI Approved :: BSD License\n");
    write("b-1.dist-info/licenses/LICENSE", read("go/vendor/example.org/zap/LICENSE"));
    metadata(
        "c",
        "Classifier: License :: OSI Approved :: MIT License\nClassifier: License :: OSI Approved :: ISC License (ISCL)\n");
    metadata(
        "d_e.f",
        "License: " + read("go/vendor/example.org/zap/LICENSE").replace("\n", "\n        ") + "\n");
    write(
        "pyproject.toml",
        "[project]\nname = \"own\"\nlicense = {text = \"MIT\"}\ndependencies = [\n  \"A>=1\",\n  \"gone[x] == 2.0 ; python_version > '3'\",\n]\n");
    write("requirements-dev.txt", "# made\n-r other.txt\nb==1\nhttps://example.org/x.whl\n");

    Checked checked = Checked.of(tree, "");

    assertThat(checked.packages())
        .containsOnly(
            entry("own", "MIT (own)"),
            entry("a 1", "MIT OR Apache-2.0"),
            entry("b 1", "BSD-2-Clause"),
            entry("c 1", "MIT AND ISC"),
            entry("d-e-f 1", "BSD-2-Clause"),
            entry("gone 2.0", "?"));
    assertThat(checked.findings()).containsOnly(entry("pyproject.toml:6 gone", "unknown"));
  }

  @Test
  void goModulesStandUnderTheirVendoredTextsAlsoThoseAboveThem() throws Exception {
    write(
        "go.mod",
        "module example.org/own\n\nrequire example.org/a/sub v1.2.3 // indirect\nrequire (\n\texample.org/b v0.1.0\n\t// example.org/c v1\n)\nreplace example.org/x => example.org/y v1.0.0\nexclude (\n\texample.org/z v1.0.0\n)\n");
    write("vendor/example.org/a/LICENSE", read("go/vendor/example.org/zap/LICENSE"));
    Checked checked = Checked.of(tree, "");
    assertThat(checked.packages())
        .containsOnly(
            entry("example.org/own", "? (own)"),
            entry("example.org/a/sub v1.2.3", "BSD-2-Clause"),
            entry("example.org/b v0.1.0", "?"));
    assertThat(checked.findings()).containsOnly(entry("go.mod:5 example.org/b", "unknown"));
  }

  @Test
  void billsOfMaterialsCountWhateverTheirFileIsCalled() throws Exception {
    write(
        "any.json",
        """
        {"bomFormat": "CycloneDX", "metadata": {"component": {"name": "own"}}, "components": [
          {"name": "a", "group": "org.a", "version": "1", "purl": "pkg:maven/org.a/a@1?type=jar",
           "licenses": [{"license": {"id": "EPL-2.0"}}, {"license": {"name": "GPL2 w/ CPE"}}]},
          {"name": "b", "version": "2", "purl": "pkg:npm/%40s/b@2",
           "licenses": [{"license": {"name": "MIT"}}, {"license": {"url": "https://www.apache.org/licenses/LICENSE-2.0"}}],
           "components": [{"name": "c", "version": "3", "licenses": [{"expression": "MIT OR ISC"}]}]}
        ]}""");
    Checked checked = Checked.of(tree.resolve("any.json"), "");
    assertThat(checked.packages())
        .containsOnly(
            entry("own", "? (own)"),
            entry("org.a:a 1", "EPL-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0"),
            entry("@s/b 2", "MIT AND Apache-2.0"),
            entry("c 3", "MIT OR ISC"));
    write(
        "x.spdx.json",
        """
        {"spdxVersion": "SPDX-2.3", "documentDescribes": ["SPDXRef-own"], "packages": [
          {"SPDXID": "SPDXRef-own", "name": "own", "licenseDeclared": "MIT"},
          {"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1",
           "licenseConcluded": "NOASSERTION", "licenseDeclared": "GPL-3.0-or-later",
           "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:pypi/a@1"}]}]}""");
    assertThat(Checked.of(tree, "'policy':{'deny':['GPL-*']},'exclude':['any.json']").findings())
        .containsOnly(entry("x.spdx.json:3 a", "denied"));
  }

  @Test
  void filesAreJudgedByTheirTagsAndTexts() throws Exception {
    write("a.py", "#!/usr/bin/python\n# SPDX-License-Identifier: MIT AND GPL-2.0-or-later\n");
    write("b.html", "<!-- SPDX-License-Identifier: Apache-2.0 -->\n");
    write(
        "c.java",
        "String s = \"SPDX-License-Identifier: AGPL-3.0-only\"; // SPDX-License-Identifier\n");
    write("d.c", "// SPDX-License-Identifier: Whatever-1.0\n");
    write("sub/COPYING", "GNU GENERAL PUBLIC LICENSE\n Version 3, 29 June 2007\n Preamble\n");
    write("target/e.py", "# SPDX-License-Identifier: AGPL-3.0-only\n");
    write("license.py", "print('GNU Affero General Public License version 3, 19 November 2007')\n");
    Checked checked =
        Checked.of(tree, "'policy':{'allow':['MIT','Apache-2.0'],'deny':['GPL-3.0-only']}");
    assertThat(checked.findings())
        .containsOnly(
            entry("a.py:2 a.py", "notAllowed"),
            entry("d.c:1 d.c", "unknown"),
            entry("sub/COPYING:0 sub/COPYING", "denied"));
    assertThat(checked.report().at("/counts/files").asInt()).isEqualTo(4);
    assertThat(Checked.of(tree, "'files':false").report().at("/counts/files").asInt()).isZero();
  }

  private void metadata(String name, String headers) throws IOException {
    write(
        name + "-1.dist-info/METADATA",
        "Metadata-Version: 2.1\nName: "
            + name
            + "\nVersion: 1\n"
            + headers
            + "\nLicense: of the text\n");
  }

  private static String read(String sample) throws IOException {
    return Files.readString(Tables.FILE.resolveSibling("../sample").resolve(sample));
  }

  private void write(String path, String text) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
