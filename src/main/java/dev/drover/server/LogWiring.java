package dev.drover.server;

import ch.qos.logback.classic.LoggerContext;
import dev.drover.route.FailedExchanges;
import dev.drover.telemetry.OtlpLogs;
import dev.drover.telemetry.Telemetry;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is told to the log beside what each class tells it, and where the log goes. */
@Configuration(proxyBeanMethods = false)
class LogWiring {
  /** Camel finds it by its type. */
  @Bean
  FailedExchanges failedExchanges() {
    return new FailedExchanges();
  }

  @Bean(destroyMethod = "close")
  OtlpLogs otlpLogs(Telemetry telemetry) {
    return telemetry.hasLogs()
        ? OtlpLogs.install((LoggerContext) LoggerFactory.getILoggerFactory(), telemetry.api())
        : OtlpLogs.OFF;
  }
}
