package dev.drover.bench;

import com.sun.net.httpserver.HttpServer;
import dev.drover.route.Engine;
import dev.drover.run.DeployedWorkflow;
import dev.drover.telemetry.Telemetry;
import dev.drover.telemetry.TelemetryOptions;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * Runs of a diamond of four {@code value} nodes without traces, and with all of them sent to a
 * receiver on this machine: five spans a run.
 */
public final class TracesBench {
  private TracesBench() {}

  /** Measures and prints; the first argument is how many seconds each measurement takes (5). */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    receiver.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            exchange.sendResponseHeaders(200, -1);
          }
        });
    receiver.start();
    String url = "http://127.0.0.1:" + receiver.getAddress().getPort();
    EndListener plainEnds = new EndListener();
    EndListener tracedEnds = new EndListener();
    try (BenchDatabase server = BenchDatabase.start();
        Telemetry telemetry =
            Telemetry.start(TelemetryOptions.of(Map.of("exporter.otlp.endpoint", url)));
        Engine plain = Engine.on(server.create("plain"), plainEnds);
        Engine traced =
            new Engine(
                server.create("traced"),
                Engine.Options.USUAL
                    .telling(telemetry.around(tracedEnds))
                    .traced(telemetry.tracing()))) {
      telemetry.trace(traced.camel());
      traced.start();
      DeployedWorkflow one = plain.deploy(Diamond.YAML);
      DeployedWorkflow other = traced.deploy(Diamond.YAML);
      new Turns(seconds)
          .with("off", new Diamond(plain, plainEnds, one))
          .with("on", new Diamond(traced, tracedEnds, other))
          .print(1, 16, 64);
    }
    receiver.stop(0);
  }
}
