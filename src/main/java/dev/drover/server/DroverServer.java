package dev.drover.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.logging.otlp.OtlpLoggingAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.opentelemetry.OpenTelemetryAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.web.servlet.error.ErrorMvcAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;

/** The server. */
@SpringBootApplication(
    proxyBeanMethods = false,
    exclude = {
      ErrorMvcAutoConfiguration.class,
      // OpenTelemetry is set up by its own variables.
      OpenTelemetryAutoConfiguration.class,
      OpenTelemetryLoggingAutoConfiguration.class,
      OtlpLoggingAutoConfiguration.class
    })
@EnableConfigurationProperties(Settings.class)
public class DroverServer {
  /**
   * Starts a server and returns when it takes requests.
   *
   * @param arguments settings as {@code --drover.name=value}
   */
  public static ConfigurableApplicationContext start(String... arguments) {
    return SpringApplication.run(DroverServer.class, arguments);
  }
}
