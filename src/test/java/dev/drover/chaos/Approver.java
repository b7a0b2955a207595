package dev.drover.chaos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The person for whom runs wait through everything that was killed; in the end there is a yes. */
final class Approver {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final List<Replica> replicas;
  private final JdbcClient jdbc;

  Approver(ChaosCluster cluster) {
    this.replicas = cluster.replicas();
    this.jdbc = JdbcClient.create(cluster.database().dataSource());
  }

  /** Says yes to all; gives those that did not go on. */
  List<String> approveAll() throws InterruptedException {
    for (String run : waiting()) {
      approve(replicas.get(Math.floorMod(run.hashCode(), replicas.size())), run);
    }
    try {
      Awaitility.await().atMost(SOON).until(() -> waiting().isEmpty());
    } catch (ConditionTimeoutException e) {
      return waiting();
    }
    return List.of();
  }

  private List<String> waiting() {
    return jdbc.sql("select id::text from run where workflow = 'asked' and state <> 'SUCCEEDED'")
        .query(String.class)
        .list();
  }

  /** An answer that says no is seen by the run: it goes on waiting. */
  private static void approve(Replica replica, String run) throws InterruptedException {
    String path = "/api/runs/" + run + "/nodes/ask/approve";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + replica.port() + path))
            .timeout(Duration.ofSeconds(15))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"by\":\"Ada\"}"))
            .build();
    try {
      HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.discarding());
    } catch (IOException e) {
      throw new IllegalStateException("replica " + replica.name() + " did not answer", e);
    }
  }
}
