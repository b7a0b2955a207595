package dev.drover.server;

import dev.drover.alert.IntakeTraces;
import dev.drover.run.RunListener;
import dev.drover.run.Tracing;
import dev.drover.telemetry.RequestSpans;
import dev.drover.telemetry.RunMetrics;
import dev.drover.telemetry.Telemetry;
import dev.drover.telemetry.TelemetryOptions;
import io.opentelemetry.api.OpenTelemetry;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.core.task.TaskDecorator;

/** OpenTelemetry, and where it comes in: requests, Camel's routes, runs. */
@Configuration(proxyBeanMethods = false)
class TelemetryWiring {
  /** From the environment as OTEL_*, or else as {@code otel.*} where other settings are. */
  @Bean(destroyMethod = "close")
  Telemetry telemetry(Environment environment) {
    Map<String, String> options =
        Binder.get(environment)
            .bind("otel", Bindable.mapOf(String.class, String.class))
            .orElse(Map.of());
    return Telemetry.start(TelemetryOptions.of(options));
  }

  /** Closed by the bean that it is of. */
  @Bean(destroyMethod = "")
  OpenTelemetry openTelemetry(Telemetry telemetry) {
    return telemetry.api();
  }

  @Bean
  Tracing tracing(Telemetry telemetry) {
    return telemetry.tracing();
  }

  @Bean
  IntakeTraces intakeTraces(Telemetry telemetry) {
    return telemetry.intake();
  }

  /** What hears of runs: traces, and in their context metrics. */
  @Bean
  @Primary
  RunListener runListener(RunMetrics metrics, Telemetry telemetry) {
    return telemetry.around(metrics);
  }

  @Bean
  FilterRegistrationBean<RequestSpans> requestSpans(Telemetry telemetry) {
    FilterRegistrationBean<RequestSpans> registration =
        new FilterRegistrationBean<>(telemetry.requests());
    registration.setEnabled(telemetry.hasTraces());
    registration.addUrlPatterns("/api/*");
    registration.setOrder(Ordered.LOWEST_PRECEDENCE - 9); // behind the gate
    return registration;
  }

  /** Requests are handled by other threads than those that take them. */
  @Bean
  TaskDecorator taskDecorator(Telemetry telemetry) {
    return telemetry::carried;
  }

  @Bean
  CamelContextConfiguration routeTraces(Telemetry telemetry) {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext camel) {
        telemetry.trace(camel);
      }

      @Override
      public void afterApplicationStart(CamelContext camel) {
        // the routes that come later are traced as well
      }
    };
  }
}
