package dev.drover.deploy;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code deploy/compose.yaml} promises: ports, versions, privileges, limits, secrets. */
class ComposeTest {
  private static final Pattern PUBLISHED = Pattern.compile("127\\.0\\.0\\.1:(\\d+):\\1");
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9./-]+:v?\\d+\\.\\d+(\\.\\d+)?\\S*");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(:[?-])?([^}]*)}");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([A-Z][^|]+) \\|([\\d, ]*)\\| [^|]*\\|$");
  private static final String ENGINE = "dagger-engine";

  private final Map<String, Map<String, Object>> services = Deployed.services();

  @Test
  void theTenServicesAreOnTheirPorts() {
    assertThat(services.keySet().stream().collect(toMap(n -> n, n -> ports(n))))
        .isEqualTo(
            Map.of(
                "drover",
                List.of(9002, 9464),
                "postgres",
                List.of(5432),
                "nats",
                List.of(4222),
                "prometheus",
                List.of(9090),
                "alertmanager",
                List.of(9093),
                "grafana",
                List.of(3003),
                "tempo",
                List.of(3200),
                "loki",
                List.of(3100),
                "otel-collector",
                List.of(4317, 4318, 8888),
                ENGINE,
                List.of()));
  }

  private List<Integer> ports(String service) {
    return Deployed.ports(services.get(service));
  }

  @Test
  void theReadmeNamesThePortsOfEachService() {
    List<String> documented =
        ROW.matcher(Deployed.text("README.md")).results().map(row -> row.group(2).strip()).toList();
    List<String> real =
        services.keySet().stream()
            .map(name -> String.join(", ", ports(name).stream().map(String::valueOf).toList()))
            .toList();
    assertThat(documented).containsExactlyElementsOf(real);
  }

  @Test
  void portsAreOnLoopbackOnly() {
    for (Map<String, Object> service : services.values()) {
      assertThat(Deployed.strings(service.get("ports")))
          .allSatisfy(port -> assertThat(port).matches(PUBLISHED));
      assertThat(service).doesNotContainKeys("network_mode", "pid", "ipc");
    }
  }

  @Test
  void everyImageHasAFixedVersion() throws Exception {
    services.forEach(
        (name, service) ->
            assertThat((String) service.get("image"))
                .as(name)
                .matches(IMAGE)
                .doesNotContain("latest"));
    String pom = Files.readString(Deployed.ROOT.resolve("pom.xml"));
    String version =
        pom.replaceFirst("(?s).*?<artifactId>drover</artifactId>\\s*<version>(.*?)<.*", "$1");
    assertThat(services.get("drover")).containsEntry("image", "drover:" + version);
    assertThat(Deployed.text("Dockerfile"))
        .contains("image.version=\"" + version + "\"")
        .contains("FROM " + services.get(ENGINE).get("image") + " AS dagger");
  }

  @Test
  void everyServiceButTheEngineHasNoMorePrivilegesThanItNeeds() {
    services.forEach(
        (name, service) -> {
          assertThat(service.containsKey("privileged")).as(name).isEqualTo(name.equals(ENGINE));
          if (!name.equals(ENGINE)) {
            assertThat(service)
                .as(name)
                .containsEntry("read_only", true)
                .containsEntry("cap_drop", List.of("ALL"))
                .containsEntry("security_opt", List.of("no-new-privileges:true"))
                .doesNotContainKeys("cap_add", "devices");
            assertThat(user(name)).as(name).matches("[1-9]\\d*:\\d+");
          }
        });
  }

  private String user(String service) {
    Object user = services.get(service).get("user");
    if (user != null) {
      return user.toString();
    }
    assertThat(services.get(service)).containsKey("build");
    return Deployed.text("Dockerfile").replaceFirst("(?s).*\nUSER (\\S+).*", "$1");
  }

  @Test
  void nobodyButDroverReachesTheEngine() {
    services.forEach(
        (name, service) -> {
          boolean mine = name.equals(ENGINE);
          assertThat(Deployed.strings(service.get("networks")))
              .as(name)
              .containsExactly(mine ? "engine" : "stack");
          assertThat(Deployed.strings(service.get("volumes")).toString().contains("dagger-run"))
              .as(name)
              .isEqualTo(mine || name.equals("drover"));
          assertThat(Deployed.strings(service.get("volumes")).toString())
              .doesNotContain("docker.sock");
        });
    String group = user("drover").replaceFirst(".*:", "");
    assertThat(services.get(ENGINE)).containsEntry("command", List.of("--group", group));
  }

  @Test
  void everyServiceHasLimitsAndTheReadmeTheirSum() {
    double gibibytes = 0;
    for (Map.Entry<String, Map<String, Object>> each : services.entrySet()) {
      Map<String, Object> service = each.getValue();
      assertThat(service).as(each.getKey()).containsKeys("mem_limit", "cpus", "pids_limit");
      // Docker refuses to start a container that may use more processors than there are.
      assertThat((Integer) service.get("cpus")).isBetween(1, 2);
      assertThat(Deployed.at(service, "logging.options"))
          .isEqualTo(Map.of("max-size", "10m", "max-file", "3"));
      assertThat(service).containsEntry("restart", "unless-stopped");
      String limit = (String) service.get("mem_limit");
      double number = Double.parseDouble(limit.substring(0, limit.length() - 1));
      gibibytes += limit.endsWith("g") ? number : number / 1024;
    }
    assertThat(Deployed.text("README.md")).contains("add up to " + Math.round(gibibytes) + " GiB");
  }

  @Test
  void everyServiceHasAHealthcheckOrIsWatchedByPrometheus() {
    Set<String> without = new HashSet<>();
    services.forEach(
        (name, service) -> {
          if (!service.containsKey("healthcheck")) {
            without.add(name);
          }
        });
    assertThat(without).containsExactlyInAnyOrder("drover", "tempo", "otel-collector");
    assertThat(Deployed.text("Dockerfile")).contains("\nHEALTHCHECK ");
    assertThat(Deployed.text("prometheus/compose-targets/jobs.yml"))
        .contains("job: tempo")
        .contains("job: otel-collector");
  }

  @Test
  void whatAServiceWaitsForCanBeWaitedFor() {
    services.forEach(
        (name, service) ->
            Deployed.object(service.get("depends_on"))
                .forEach(
                    (other, how) ->
                        assertThat(services.get(other).containsKey("healthcheck"))
                            .as("%s waits for %s", name, other)
                            .isEqualTo(Deployed.at(how, "condition").equals("service_healthy"))));
  }

  @Test
  void everyMountedFileIsThereAndEveryVolumeIsDeclaredAndUsed() {
    Set<String> used = new TreeSet<>();
    services.forEach(
        (name, service) -> {
          for (String mount : Deployed.strings(service.get("volumes"))) {
            String[] parts = mount.split(":");
            if (parts[0].startsWith(".")) {
              assertThat(Deployed.FOLDER.resolve(parts[0])).as(name).exists();
              assertThat(parts).as("%s writes to the project", mount).endsWith("ro");
            } else {
              used.add(parts[0]);
            }
          }
        });
    assertThat(used)
        .isEqualTo(Deployed.object(Deployed.at(Deployed.yaml("compose.yaml"), "volumes")).keySet());
  }

  @Test
  void noSecretHasADefaultAndTheScriptMakesEach() {
    String script = Deployed.text("env.sh");
    List<String> required = new ArrayList<>();
    for (MatchResult variable :
        VARIABLE.matcher(Deployed.text("compose.yaml")).results().toList()) {
      if (":?".equals(variable.group(2))) {
        assertThat(variable.group(3)).contains("./env.sh");
        required.add(variable.group(1));
      } else {
        assertThat(variable.group()).isEqualTo("${DROVER_ENGINE_EGRESS:-denied}");
      }
    }
    assertThat(script.replaceFirst("(?s).*for name in (.*?); do.*", "$1").split(" "))
        .containsExactlyInAnyOrderElementsOf(new TreeSet<>(required));
    services.forEach(
        (name, service) ->
            Deployed.object(service.get("environment"))
                .forEach(
                    (key, value) -> {
                      if (key.matches(".*(PASSWORD|TOKEN|SECRET).*")) {
                        assertThat((String) value).as("%s of %s", key, name).startsWith("${");
                      }
                    }));
  }
}
