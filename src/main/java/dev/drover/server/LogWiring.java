package dev.drover.server;

import ch.qos.logback.classic.LoggerContext;
import dev.drover.route.FailedExchanges;
import dev.drover.telemetry.OtlpLogs;
import io.opentelemetry.api.OpenTelemetry;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
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

  /** If OpenTelemetry's own variables ask for it. */
  @Bean(destroyMethod = "close")
  @ConditionalOnExpression(
      "!'${otel.logs.exporter:none}'.equals('none')"
          + " or !'${otel.exporter.otlp.logs.endpoint:}'.isEmpty()")
  OtlpLogs otlpLogs(OpenTelemetry telemetry) {
    return OtlpLogs.install((LoggerContext) LoggerFactory.getILoggerFactory(), telemetry);
  }
}
