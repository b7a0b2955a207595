package dev.drover.agents.compliancechecker;

import dev.drover.agents.kit.WorkFailure;
import java.nio.file.Path;
import java.util.List;

/** The shipped table, and a small one for tests that read no files. */
final class Tables {
  static final Path FILE =
      Path.of(System.getProperty("drover.home", "."))
          .resolve("agents/compliance-checker/licences/licences.yaml");

  private Tables() {}

  static LicenceTable shipped() throws WorkFailure {
    return LicenceTable.read(FILE);
  }

  static ExpressionParser parser() {
    return new ExpressionParser(
        new LicenceIds(
            List.of(
                "MIT",
                "Apache-2.0",
                "Apache-1.1",
                "BSD-3-Clause",
                "GPL-2.0-only",
                "GPL-2.0-or-later",
                "GPL-3.0-only",
                "GPL-3.0-or-later",
                "LGPL-2.1-only",
                "LGPL-2.1-or-later",
                "MPL-1.1",
                "MPL-2.0"),
            List.of("Classpath-exception-2.0", "LLVM-exception")));
  }
}
