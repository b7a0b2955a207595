package dev.drover.agents.compliancechecker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Poms and jars, made up and real. */
class MavenIT {
  /** Copying larger jars takes longer than checking them. */
  private static final long LARGE = 1 << 20;

  @TempDir Path tree;

  @Test
  void parentsPropertiesAndManagementTellVersionsAndRepositoriesLicences() throws Exception {
    write(
        "repo/org/p/parent/1/parent-1.pom",
        project(
            "<groupId>org.p</groupId><artifactId>parent</artifactId><version>1</version>"
                + licence("Apache License, Version 2.0")));
    write(
        "repo/org/b/bom/5/bom-5.pom",
        project(
            "<groupId>org.b</groupId><artifactId>bom</artifactId><version>5</version><properties><v>7</v></properties>"
                + managed("org.d:managed:${v}")));
    write(
        "repo/org/d/managed/7/managed-7.pom",
        project(
            "<parent><groupId>org.p</groupId><artifactId>parent</artifactId><version>1</version></parent><artifactId>managed</artifactId><name>caf&eacute;</name>"));
    write(
        "repo/org/d/direct/2.1/direct-2.1.pom",
        project(
            "<groupId>org.d</groupId><artifactId>direct</artifactId><version>2.1</version>"
                + licence("MIT")
                + licence("EPL-2.0").replace("<licenses>", "<x>").replace("</licenses>", "</x>")));
    write(
        "src/pom.xml",
        project(
            "<groupId>org.own</groupId><artifactId>root</artifactId><version>9</version><properties><d>2.1</d></properties>"
                + managed("org.b:bom:5:import")));
    write(
        "src/app/pom.xml",
        project(
            "<parent><groupId>org.own</groupId><artifactId>root</artifactId><version>9</version></parent><artifactId>app</artifactId>\n<dependencies>\n"
                + dependency("org.d:direct:${d}", "")
                + "\n"
                + dependency("org.d:managed:", "test")
                + "\n"
                + dependency("org.d:gone:${nowhere}", "")
                + "</dependencies>"));

    Checked checked =
        Checked.of(tree.resolve("src"), "'mavenRepository':'" + tree.resolve("repo") + "'");

    assertThat(checked.packages())
        .containsOnly(
            entry("org.own:root 9", "? (own)"),
            entry("org.own:app 9", "? (own)"),
            entry("org.d:direct 2.1", "MIT"),
            entry("org.d:managed 7", "Apache-2.0"),
            entry("org.d:gone", "?"));
    assertThat(checked.findings()).containsOnly(entry("app/pom.xml:6 org.d:gone", "unknown"));
  }

  @Test
  void aJarIsWhatItsProjectItsManifestAndItsTextSayInThisOrder() throws Exception {
    String pom = "META-INF/maven/org.a/a/pom.xml";
    String own =
        project(
            "<groupId>org.a</groupId><artifactId>a</artifactId><version>1</version>"
                + licence("MIT"));
    String shaded =
        project(
            "<groupId>org.s</groupId><artifactId>shaded</artifactId><version>1</version>"
                + licence("GPL-3.0"));
    String manifest =
        "Manifest-Version: 1.0\nBundle-License: http://www.eclipse.org/legal/epl-2.0, https://www.gnu.org/soft\n ware/classpath/license.html\n\n";
    String text = "This is free and unencumbered software released into the public domain.";
    jar(
        "a-1.jar",
        Map.of(
            pom,
            own,
            "META-INF/maven/org.s/shaded/pom.xml",
            shaded,
            "META-INF/MANIFEST.MF",
            manifest));
    jar("b-2.jar", Map.of("META-INF/MANIFEST.MF", manifest, "META-INF/LICENSE.txt", text));
    jar("c-3.jar", Map.of("META-INF/LICENSE.txt", text, "META-INF/licenses/other/LICENSE", "x"));
    jar(
        "d-4.jar",
        Map.of(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nBundle-License: \"Apache-2.0\";link=\"https://a.example\"\n\n"));
    jar("e-5.jar", Map.of("Some.class", "x"));

    assertThat(Checked.of(tree, "").packages())
        .containsOnly(
            entry("org.a:a 1", "MIT"),
            entry("b 2", "EPL-2.0 OR GPL-2.0-only WITH Classpath-exception-2.0"),
            entry("c 3", "Unlicense"),
            entry("d 4", "Apache-2.0"),
            entry("e 5", "?"));
  }

  @Test
  void jarsInsideOfAnApplicationAreFound() throws Exception {
    Path inner =
        jar(
            "inner-1.jar",
            Map.of("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nBundle-License: MIT\n\n"));
    try (ZipOutputStream zip =
        new ZipOutputStream(Files.newOutputStream(tree.resolve("app.war")))) {
      zip.putNextEntry(new ZipEntry("WEB-INF/lib/inner-1.jar"));
      zip.write(Files.readAllBytes(inner));
    }
    Files.delete(inner);
    Checked checked = Checked.of(tree, "'policy':{'deny':['MIT']}");
    assertThat(checked.findings())
        .containsEntry("app.war!/WEB-INF/lib/inner-1.jar:0 inner", "denied");
  }

  /** What the build has on its class path, as somebody would check an application's libraries. */
  @Test
  void realJarsGetTheLicencesThatTheirAuthorsGaveThem() throws Exception {
    int jars = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (entry.endsWith(".jar") && Files.size(Path.of(entry)) < LARGE) {
        Path jar = Path.of(entry);
        Files.copy(jar, tree.resolve(jar.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        jars++;
      }
    }
    JsonNode report = Checked.of(tree, "'files':false").report();
    assertThat(report.at("/counts/packages").asInt()).isGreaterThan(jars * 9 / 10);
    assertThat(report.at("/counts/unknown").asInt()).isLessThan(jars / 5);
    Map<String, String> by = new TreeMap<>();
    new Checked(report)
        .packages()
        .forEach((name, licence) -> by.put(name.replaceAll(" .*", ""), licence));
    assertThat(by)
        .contains(
            entry("com.fasterxml.jackson.core:jackson-core", "Apache-2.0"),
            entry("asm", "BSD-3-Clause"),
            entry("org.slf4j:slf4j-api", "MIT"),
            entry("ch.qos.logback:logback-classic", "EPL-2.0 OR LGPL-2.1-only"),
            entry("org.hdrhistogram:HdrHistogram", "CC0-1.0 OR BSD-2-Clause"),
            entry("org.apache.camel:camel-http", "Apache-2.0"));
  }

  @Test
  void hostileFilesAreNamedAndTheRestIsChecked() throws Exception {
    write(
        "xxe/pom.xml",
        "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><project><artifactId>&x;</artifactId></project>");
    write("deep/package.json", "{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}");
    write("broken/pom.xml", "<project><dependencies>");
    write("broken/pyproject.toml", "[project\n");
    write("fake.jar", "no jar");
    write(
        "loop/org/a/a/1/a-1.pom",
        project(
            "<parent><groupId>org.a</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>a</artifactId>"));
    write(
        "loop/org/a/a/1/pom.xml",
        project(
            "<parent><groupId>org.a</groupId><artifactId>a</artifactId><version>1</version></parent><artifactId>b</artifactId><properties><x>${y}${y}</x><y>${x}${x}</y></properties>"
                + "<dependencies>"
                + dependency("g:${x}:1", "")
                + "</dependencies>"));
    jar("bomb-1.jar", Map.of("META-INF/LICENSE", "0".repeat(64 << 20)));
    Files.createSymbolicLink(tree.resolve("pom.xml"), Path.of("/etc/passwd"));
    Files.createSymbolicLink(tree.resolve("LICENSE"), Path.of("/etc/passwd"));

    Checked checked = Checked.of(tree, "'mavenRepository':'" + tree.resolve("loop") + "'");

    assertThat(checked.report().path("unchecked").findValuesAsText("file"))
        .containsExactlyInAnyOrder(
            "xxe/pom.xml",
            "deep/package.json",
            "broken/pom.xml",
            "broken/pyproject.toml",
            "fake.jar");
    assertThat(checked.packages()).containsKey("bomb 1").doesNotContainKey("passwd");
  }

  private static String project(String inside) {
    return "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n" + inside + "\n</project>";
  }

  private static String licence(String name) {
    return "<licenses><license><name>" + name + "</name></license></licenses>";
  }

  private static String managed(String dependency) {
    String scope = dependency.endsWith(":import") ? "import" : "";
    return "<dependencyManagement><dependencies>"
        + dependency(dependency.replace(":import", ""), scope)
        + "</dependencies></dependencyManagement>";
  }

  private static String dependency(String name, String scope) {
    List<String> parts = List.of(name.split(":", -1));
    return "<dependency><groupId>"
        + parts.get(0)
        + "</groupId><artifactId>"
        + parts.get(1)
        + "</artifactId>"
        + (parts.get(2).isEmpty() ? "" : "<version>" + parts.get(2) + "</version>")
        + (scope.isEmpty() ? "" : "<scope>" + scope + "</scope>")
        + "</dependency>";
  }

  private Path jar(String name, Map<String, String> entries) throws IOException {
    Path file = tree.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    }
    return file;
  }

  private void write(String path, String text) throws IOException {
    Path file = tree.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
