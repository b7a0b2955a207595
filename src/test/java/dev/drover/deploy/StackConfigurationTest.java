package dev.drover.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The services' configurations fit each other and {@code deploy/compose.yaml}. */
class StackConfigurationTest {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:https?://|postgresql://|targets: \\[)([a-z][a-z-]*):(\\d+)");
  private static final String WEBHOOK = "/api/webhooks/alertmanager";

  private final Map<String, Map<String, Object>> services = Deployed.services();

  @Test
  void everyAddressIsAServiceOfTheStackAndAPortThatItListensOn() {
    Map<String, Set<Integer>> listening = new HashMap<>();
    services.forEach(
        (name, service) -> listening.put(name, new HashSet<>(Deployed.ports(service))));
    String receiver = "distributor.receivers.otlp.protocols.http.endpoint";
    String endpoint = (String) Deployed.at(Deployed.yaml("tempo/tempo.yaml"), receiver);
    listening.get("tempo").add(Integer.valueOf(endpoint.replaceFirst(".*:", "")));

    int addresses = 0;
    for (String file : Deployed.configurations()) {
      if (file.startsWith("prometheus/targets/") || file.equals("alertmanager/local.yml")) {
        continue; // those are of this machine
      }
      for (MatchResult address : ADDRESS.matcher(Deployed.text(file)).results().toList()) {
        addresses++;
        String host = address.group(1);
        if (!host.equals("localhost")) {
          assertThat(listening).as(file).containsKey(host);
          assertThat(listening.get(host)).as(file).contains(Integer.valueOf(address.group(2)));
        }
      }
    }
    assertThat(addresses).isGreaterThan(15);
  }

  @Test
  void whatProgramsListenOnIsWhatIsPublished() {
    assertThat(Deployed.at(Deployed.yaml("tempo/tempo.yaml"), "server.http_listen_port"))
        .isEqualTo(3200);
    assertThat(Deployed.at(Deployed.yaml("loki/loki.yaml"), "server.http_listen_port"))
        .isEqualTo(3100);
    Object collector = Deployed.yaml("otel-collector/config.yaml");
    assertThat(Deployed.at(collector, "receivers.otlp.protocols.grpc.endpoint"))
        .isEqualTo("0.0.0.0:4317");
    assertThat(Deployed.at(collector, "receivers.otlp.protocols.http.endpoint"))
        .isEqualTo("0.0.0.0:4318");
    String reader = "service.telemetry.metrics.readers.0.pull.exporter.prometheus.";
    assertThat(Deployed.at(collector, reader + "port")).isEqualTo(8888);
    assertThat(Deployed.at(services.get("grafana"), "environment.GF_SERVER_HTTP_PORT"))
        .isEqualTo("3003");
    assertThat(Deployed.text("nats/nats.conf")).contains("listen: \"0.0.0.0:4222\"");
  }

  @Test
  void everyServiceWithMetricsIsScraped() {
    Set<String> jobs = new TreeSet<>();
    for (Object target : Deployed.list(Deployed.yaml("prometheus/compose-targets/jobs.yml"))) {
      jobs.add((String) Deployed.at(target, "labels.job"));
    }
    Set<String> expected = new TreeSet<>(services.keySet());
    // They have none of their own.
    expected.removeAll(Set.of("postgres", "nats", "dagger-engine"));
    assertThat(jobs).isEqualTo(expected);
  }

  @Test
  void alertmanagersConfigurationOfThisMachineDiffersInAddressAndTokenOnly() {
    Object stack = Deployed.yaml("alertmanager/alertmanager.yml");
    Map<String, Object> webhook =
        new LinkedHashMap<>(Deployed.object(Deployed.at(stack, "receivers.0.webhook_configs.0")));
    assertThat(webhook.remove("url")).isEqualTo("http://drover:9002" + WEBHOOK);
    String file = "authorization.credentials_file";
    assertThat(Deployed.at(webhook.remove("http_config"), file))
        .isEqualTo("/run/secrets/drover-token");
    assertThat(services.get("alertmanager")).containsEntry("secrets", List.of("drover-token"));
    webhook.put("url", "http://localhost:9002" + WEBHOOK);

    Map<String, Object> drover =
        new LinkedHashMap<>(Deployed.object(Deployed.at(stack, "receivers.0")));
    drover.put("webhook_configs", List.of(webhook));
    List<Object> receivers = new ArrayList<>(Deployed.list(Deployed.at(stack, "receivers")));
    receivers.set(0, drover);
    Map<String, Object> local = new LinkedHashMap<>(Deployed.object(stack));
    local.put("receivers", receivers);
    assertThat(Deployed.yaml("alertmanager/local.yml")).isEqualTo(local);
  }

  @Test
  void dataSourcesReferToEachOther() {
    String file = "grafana/provisioning/datasources/drover.yaml";
    Map<String, Object> types = new HashMap<>();
    for (Object source : Deployed.list(Deployed.at(Deployed.yaml(file), "datasources"))) {
      types.put((String) Deployed.at(source, "uid"), Deployed.at(source, "type"));
    }
    assertThat(types)
        .isEqualTo(
            Map.of(
                "prometheus", "prometheus",
                "tempo", "tempo",
                "loki", "loki",
                "alertmanager", "alertmanager"));
    Set<String> named = new TreeSet<>();
    walk(
        Deployed.yaml(file),
        (key, value) -> {
          if (key.equals("datasourceUid")) {
            named.add((String) value);
          }
        });
    assertThat(named).containsExactly("loki", "prometheus", "tempo");
    assertThat(types.keySet()).containsAll(named);
    // Grafana would put a variable of its own environment there.
    assertThat(Deployed.text(file)).doesNotContainPattern("(?<!\\$)\\$\\{");
  }

  @Test
  void dashboardsAreWhereGrafanaLooksForThem() {
    Object provider = Deployed.yaml("grafana/provisioning/dashboards/drover.yaml");
    assertThat(Deployed.strings(services.get("grafana").get("volumes")))
        .contains("../dashboards:" + Deployed.at(provider, "providers.0.options.path") + ":ro");
  }

  @Test
  void everyPartOfTheCollectorsPipelinesIsDefined() {
    Map<String, Object> collector = Deployed.object(Deployed.yaml("otel-collector/config.yaml"));
    Map<String, Object> pipelines = Deployed.object(Deployed.at(collector, "service.pipelines"));
    assertThat(pipelines).containsOnlyKeys("traces", "logs");
    Set<String> exporters = new TreeSet<>();
    for (Object pipeline : pipelines.values()) {
      for (String kind : List.of("receivers", "processors", "exporters")) {
        assertThat(Deployed.object(collector.get(kind)))
            .containsKeys(Deployed.strings(Deployed.at(pipeline, kind)).toArray(String[]::new));
      }
      assertThat(Deployed.at(pipeline, "processors.0")).isEqualTo("memory_limiter");
      exporters.addAll(Deployed.strings(Deployed.at(pipeline, "exporters")));
    }
    assertThat(exporters).isEqualTo(Deployed.object(collector.get("exporters")).keySet());
    int limit = (Integer) Deployed.at(collector, "processors.memory_limiter.limit_mib");
    assertThat(services.get("otel-collector")).containsEntry("mem_limit", "512m");
    assertThat(limit).isLessThan(512);
  }

  @Test
  void whatHasToLastIsWrittenToAVolume() {
    Map<String, String> configurations =
        Map.of(
            "tempo", "tempo/tempo.yaml",
            "loki", "loki/loki.yaml");
    configurations.forEach(
        (service, file) ->
            walk(
                Deployed.yaml(file),
                (key, value) -> {
                  if (value instanceof String path && path.startsWith("/")) {
                    assertThat(path).as("%s in %s", key, file).startsWith(volumeOf(service));
                  }
                }));
    assertThat(Deployed.text("nats/nats.conf"))
        .contains("store_dir: \"" + volumeOf("nats") + "/nats\"");
    for (String service : List.of("prometheus", "alertmanager")) {
      assertThat(Deployed.strings(services.get(service).get("command")))
          .anyMatch(word -> word.matches("--storage(\\.tsdb)?\\.path=" + volumeOf(service)));
    }
  }

  private String volumeOf(String service) {
    return Deployed.strings(services.get(service).get("volumes")).stream()
        .filter(mount -> mount.startsWith(service + "-data:"))
        .map(mount -> mount.substring(mount.indexOf(':') + 1))
        .findFirst()
        .orElseThrow();
  }

  private static void walk(Object value, BiConsumer<String, Object> visitor) {
    if (value instanceof Map<?, ?>) {
      Deployed.object(value)
          .forEach(
              (key, inner) -> {
                visitor.accept(key, inner);
                walk(inner, visitor);
              });
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> walk(inner, visitor));
    }
  }
}
