package dev.drover;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way, and each technology is known to the packages that adapt it. */
@AnalyzeClasses(packages = "dev.drover", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] JDK = {"java..", "org.jspecify.."};

  @ArchTest
  static final ArchRule noCycles = slices().matching("dev.drover.(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule namesKnowNothingElse = onlyKnows("name");

  @ArchTest
  static final ArchRule jsonKnowsNothingElse =
      noClasses()
          .that()
          .resideInAPackage("dev.drover.json..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others("json"));

  @ArchTest
  static final ArchRule yamlKnowsNothingElse =
      noClasses()
          .that()
          .resideInAPackage("dev.drover.yaml..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others("yaml"));

  @ArchTest
  static final ArchRule theLanguageIsPure =
      onlyKnows("workflow", "name", "json", "yaml", "!dev.cel..", "!com.google..");

  @ArchTest
  static final ArchRule theEngineKnowsTheLanguageOnly =
      onlyKnows("run", "name", "json", "yaml", "workflow", "!org.slf4j..");

  @ArchTest
  static final ArchRule alertsKnowRunsAndTheLanguage =
      onlyKnows(
          "alert",
          "name",
          "json",
          "run",
          "workflow",
          "!com.fasterxml.jackson..",
          "!com.google..",
          "!org.slf4j..");

  @ArchTest
  static final ArchRule agentsKnowNoEngine =
      onlyKnows("agent", "name", "json", "yaml", "egress", "seccomp", "!org.slf4j..");

  @ArchTest static final ArchRule theWayOutKnowsNothingElse = onlyKnows("egress", "!org.slf4j..");

  @ArchTest static final ArchRule filtersKnowNothingElse = onlyKnows("seccomp");

  @ArchTest
  static final ArchRule artifactsKnowRunsAndAgents =
      onlyKnows("artifact", "name", "run", "agent", "!org.slf4j..");

  @ArchTest
  static final ArchRule daggerKnowsNoAgents = onlyKnows("agent.dagger", "json", "!org.slf4j..");

  @ArchTest
  static final ArchRule httpIsSpokenToDaggerAndByTheCommandLineOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.drover.agent.dagger..", "dev.drover.cli..", "dev.drover.agents..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.net.http..");

  @ArchTest static final ArchRule securityKnowsNamesOnly = onlyKnows("security", "name");

  @ArchTest
  static final ArchRule camelIsKnownToRoutesTheApiAndItsTracerOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.drover.route..",
              "dev.drover.api..",
              "dev.drover.telemetry..",
              "dev.drover.server..",
              "dev.drover.agents..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule openTelemetryIsKnownToTelemetryOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.drover.telemetry..", "dev.drover.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.opentelemetry..", "io.micrometer..");

  @ArchTest
  static final ArchRule sqlIsKnownToTheJournalOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.drover.journal..", "dev.drover.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "org.springframework.jdbc..");

  // db-scheduler works on a data source; what is ours there goes through the journal.
  @ArchTest
  static final ArchRule dataSourcesAreKnownToTheJournalAndTheScheduler =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.drover.journal..", "dev.drover.schedule..", "dev.drover.server..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("javax.sql..");

  @ArchTest
  static final ArchRule theSchedulerIsKnownToItsAdapterOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drover.schedule..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.github.kagkarlsson..");

  @ArchTest
  static final ArchRule servletsAreKnownToTheApiAndItsSpansOnly =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.drover.api..",
              "dev.drover.telemetry..",
              "dev.drover.server..",
              "dev.drover.hawtio..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jakarta.servlet..");

  @ArchTest
  static final ArchRule hawtioIsKnownToItsAdapterOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drover.hawtio..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.hawt..", "org.jolokia..", "dev.drover.hawtio..");

  @ArchTest
  static final ArchRule agentsOfDroverAreProgramsOfTheirOwn =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drover.agents..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.drover.agents..");

  @ArchTest
  static final ArchRule programsOfAgentsKnowNoServer =
      noClasses()
          .that()
          .resideInAPackage("dev.drover.agents..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others("agents"));

  /** Packages of ours by their last name; others by a pattern behind an exclamation mark. */
  private static ArchRule onlyKnows(String own, String... others) {
    java.util.List<String> allowed = new java.util.ArrayList<>(java.util.List.of(JDK));
    allowed.add("dev.drover." + own + "..");
    for (String other : others) {
      allowed.add(other.startsWith("!") ? other.substring(1) : "dev.drover." + other + "..");
    }
    return classes()
        .that()
        .resideInAPackage("dev.drover." + own + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed.toArray(String[]::new));
  }

  private static String[] others(String own) {
    return java.util.stream.Stream.of(
            "name",
            "json",
            "yaml",
            "workflow",
            "run",
            "agent",
            "artifact",
            "alert",
            "journal",
            "route",
            "schedule",
            "api",
            "telemetry",
            "security",
            "cli",
            "server",
            "agents")
        .filter(name -> !name.equals(own))
        .map(name -> "dev.drover." + name + "..")
        .toArray(String[]::new);
  }
}
