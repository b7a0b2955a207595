package dev.drover.agents.securityscanner.dependency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DependencyFilesTest {
  private final DependencyFiles files = new DependencyFiles();

  private List<String> found() {
    return files.dependencies().stream()
        .map(
            each ->
                each.ecosystem().osvName()
                    + " "
                    + each.name()
                    + " "
                    + each.version()
                    + " "
                    + each.file()
                    + ":"
                    + each.line())
        .toList();
  }

  @Test
  void mavenVersionsComeFromPropertiesParentsAndManagementWhicheverFileIsFirst() {
    files.add(
        "child/pom.xml",
        """
        <project>
          <parent><groupId>g</groupId><artifactId>top</artifactId><version>3</version></parent>
          <artifactId>child</artifactId>
          <dependencies>
            <dependency><groupId>a</groupId><artifactId>direct</artifactId>
              <version>1.0</version></dependency>
            <dependency><groupId>a</groupId><artifactId>managed</artifactId></dependency>
            <dependency><groupId>${project.groupId}</groupId><artifactId>sibling</artifactId><version>${project.version}</version></dependency>
            <dependency><groupId>a</groupId><artifactId>of-bom</artifactId></dependency>
            <dependency><groupId>a</groupId><artifactId>unknown</artifactId></dependency>
            <dependency><groupId>a</groupId><artifactId>exact</artifactId><version>[2.0]</version></dependency>
            <dependency><groupId>a</groupId><artifactId>ranged</artifactId><version>[2.0,3)</version></dependency>
          </dependencies>
        </project>
        """);
    files.add(
        "pom.xml",
        """
        <project><groupId>g</groupId><artifactId>top</artifactId><version>3</version>
          <properties><base>1</base><m>${base}.5</m></properties>
          <dependencyManagement><dependencies>
            <dependency><groupId>a</groupId><artifactId>managed</artifactId><version>${m}</version></dependency>
            <dependency><groupId>g</groupId><artifactId>bom</artifactId><version>3</version><type>pom</type><scope>import</scope></dependency>
          </dependencies></dependencyManagement>
          <profiles><profile><dependencies><dependency><groupId>a</groupId><artifactId>profile</artifactId><version>9</version></dependency></dependencies></profile></profiles>
        </project>
        """);
    files.add(
        "bom/pom.xml",
        """
        <project><parent><groupId>g</groupId><artifactId>bom</artifactId></parent><groupId>g</groupId><artifactId>bom</artifactId>
          <dependencyManagement><dependencies>
            <dependency><groupId>a</groupId><artifactId>of-bom</artifactId><version>7</version></dependency>
          </dependencies></dependencyManagement></project>
        """);
    assertThat(found())
        .containsExactlyInAnyOrder(
            "Maven a:direct 1.0 child/pom.xml:6",
            "Maven a:managed 1.5 child/pom.xml:7",
            "Maven g:sibling 3 child/pom.xml:8",
            "Maven a:of-bom 7 child/pom.xml:9",
            "Maven a:exact 2.0 child/pom.xml:11",
            "Maven a:profile 9 pom.xml:7");
    assertThat(files.problems().get(0).reason())
        .contains("2 dependencies not checked", "a:ranged, a:unknown");
  }

  @Test
  void npmLocksOfVersionsTwoAndThreeAreReadByTheirPackages() {
    files.add(
        "package-lock.json",
        """
        {"lockfileVersion": 2, "packages": {
          "": {"name": "me", "version": "1.0.0"},
          "ws/mine": {"version": "1.0.0"},
          "node_modules/mine": {"link": true, "resolved": "ws/mine"},
          "node_modules/a": {"version": "1.1.0", "dependencies": {"b": "^1"}},
          "node_modules/a/node_modules/@s/b": {"version": "2.0.0"},
          "node_modules/alias": {"name": "real", "version": "3.0.0"}},
         "dependencies": {"a": {"version": "1.1.0"}}}
        """);
    assertThat(found())
        .containsExactly(
            "npm a 1.1.0 package-lock.json:5",
            "npm @s/b 2.0.0 package-lock.json:6",
            "npm real 3.0.0 package-lock.json:7");
  }

  @Test
  void npmLocksOfVersionOneAreReadAsTrees() {
    files.add(
        "npm-shrinkwrap.json",
        """
        {"dependencies": {
          "a": {"version": "1.0.0", "requires": {"b": "^1"},
            "dependencies": {"b": {"version": "1.2.0"}}},
          "c": {"version": "npm:@s/real@4.0.0"}}}
        """);
    assertThat(found())
        .containsExactly(
            "npm b 1.2.0 npm-shrinkwrap.json:3",
            "npm a 1.0.0 npm-shrinkwrap.json:2",
            "npm @s/real 4.0.0 npm-shrinkwrap.json:4");
  }

  @Test
  void yarnLocksOldAndNewAreRead() {
    files.add(
        "yarn.lock",
        """
        # yarn lockfile v1

        "@s/a@^1.0.0", "@s/a@^1.1.0":
          version "1.1.5"
          resolved "https://registry.example/x.tgz"
          dependencies:
            version "^9.9.9"

        b@~2.0.0:
          version "2.0.3"

        al@npm:real@^3.0.0:
          version "3.0.1"
        """);
    files.add(
        "berry/yarn.lock",
        """
        __metadata:
          version: 6

        "c@npm:^4.0.0":
          version: 4.0.2
          resolution: "c@npm:4.0.2"

        "me@workspace:.":
          version: 0.0.0-use.local
          resolution: "me@workspace:."
        """);
    assertThat(found())
        .containsExactly(
            "npm @s/a 1.1.5 yarn.lock:3",
            "npm b 2.0.3 yarn.lock:9",
            "npm real 3.0.1 yarn.lock:12",
            "npm c 4.0.2 berry/yarn.lock:4");
  }

  @Test
  void pnpmLocksOfAllVersionsAreRead() {
    files.add(
        "pnpm-lock.yaml",
        """
        lockfileVersion: '9.0'
        importers:
          z@1.0.0: {}
        packages:

          '@s/a@1.2.3':
            resolution: {integrity: sha512-x}
          /b/2.0.0:
            dev: true
          /@s/c@3.0.0(react@18.0.0):
            dev: true
          d@4.0.0(@s/x@1.0.0):
        snapshots:
          e@5.0.0: {}
        """);
    assertThat(found())
        .containsExactly(
            "npm @s/a 1.2.3 pnpm-lock.yaml:6",
            "npm b 2.0.0 pnpm-lock.yaml:8",
            "npm @s/c 3.0.0 pnpm-lock.yaml:10",
            "npm d 4.0.0 pnpm-lock.yaml:12");
  }

  @Test
  void pythonsFilesAreRead() {
    files.add(
        "requirements-dev.txt",
        """
        # comment
        Flask == 1.0  # why
        requests[socks]==2.19.1 ; python_version > '3'
        open>=1
        -r other.txt
        hashed==1.0 \\
            --hash=sha256:aa
        wild==1.*
        """);
    files.add(
        "poetry.lock",
        "[[package]]\nname = \"Jinja2\"\nversion = \"2.10\"\n\n[package.extras]\nversion = \"9\"\n");
    files.add(
        "uv.lock",
        "version = 1\n[[package]]\nname = 'urllib3'\nversion = '1.24'\nsource = { registry = 'x' }\n");
    files.add(
        "Pipfile.lock",
        "{\"_meta\": {\"version\": \"==9\"},\n\"default\": {\n\"django\": {\"version\": \"==2.0\"}}}");
    assertThat(found())
        .containsExactly(
            "PyPI Flask 1.0 requirements-dev.txt:2",
            "PyPI requests 2.19.1 requirements-dev.txt:3",
            "PyPI hashed 1.0 requirements-dev.txt:6",
            "PyPI Jinja2 2.10 poetry.lock:3",
            "PyPI urllib3 1.24 uv.lock:4",
            "PyPI django 2.0 Pipfile.lock:3");
    assertThat(files.problems().get(0).reason())
        .isEqualTo("2 requirements not checked: they are not pinned with ==");
  }

  @Test
  void goModulesAreReadWithTheirReplacements() {
    files.add(
        "go.mod",
        """
        module example.com/me
        go 1.21
        require example.com/single v1.0.0
        require (
          golang.org/x/net v0.0.0-20190101000000-abcdefabcdef // indirect
          example.com/forked v1.0.0
          example.com/local v1.0.0
          example.com/big v2.0.0+incompatible
        )
        replace example.com/forked v1.0.0 => example.com/fork v1.5.0
        replace example.com/local => ../local
        exclude example.com/single v0.9.0
        """);
    assertThat(found())
        .containsExactly(
            "Go example.com/single 1.0.0 go.mod:3",
            "Go golang.org/x/net 0.0.0-20190101000000-abcdefabcdef go.mod:5",
            "Go example.com/fork 1.5.0 go.mod:6",
            "Go example.com/big 2.0.0+incompatible go.mod:8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pom.xml",
        "package-lock.json",
        "Pipfile.lock",
        "yarn.lock",
        "pnpm-lock.yaml",
        "poetry.lock",
        "go.mod",
        "requirements.txt"
      })
  void rubbishIsHarmless(String name) {
    for (String text :
        List.of(
            "",
            "\u0000",
            "{",
            "[[[",
            "<a",
            "\"".repeat(1000),
            "{\"packages\":[1],\"dependencies\":{\"a\":1}}",
            "(".repeat(100_000),
            "a@".repeat(50_000) + ":")) {
      files.add(name, text);
    }
    assertThat(files.dependencies()).isEmpty();
  }
}
