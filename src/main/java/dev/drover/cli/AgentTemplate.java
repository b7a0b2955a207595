package dev.drover.cli;

import dev.drover.name.AgentName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a new agent begins with, in each language; the files are resources under templates. */
enum AgentTemplate {
  TYPESCRIPT(
      "node --test",
      "agent.yaml start.mjs agent.ts drover.ts agent.test.ts package.json tsconfig.json README.md"),
  PYTHON("python3 -B -m unittest", "agent.yaml agent.py drover.py test_agent.py README.md"),
  SHELL("sh test.sh", "agent.yaml run.sh test.sh README.md"),
  JAVA("sh test.sh", "agent.yaml Agent.java AgentTest.java test.sh README.md");

  private final String test;

  /** Their names, with blanks between. */
  private final String files;

  AgentTemplate(String test, String files) {
    this.test = test;
    this.files = files;
  }

  /** The command that tries it, in its folder. */
  String test() {
    return test;
  }

  /** Writes its files into a folder that must not be there yet. */
  void write(Path folder, AgentName name) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.createDirectory(folder);
    for (String file : files.split(" ", -1)) {
      Files.writeString(folder.resolve(file), read(file).replace("{{name}}", name.value()));
    }
  }

  private String read(String file) throws IOException {
    String resource = "templates/" + name().toLowerCase(Locale.ROOT) + "/" + file;
    try (InputStream stream = AgentTemplate.class.getResourceAsStream(resource)) {
      if (stream == null) {
        throw new IOException("the resource " + resource + " is missing in this build");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
