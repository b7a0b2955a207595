package dev.drover.server;

import dev.drover.agent.Agents;
import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertReception;
import dev.drover.alert.AlertStore;
import dev.drover.alert.IntakeListener;
import dev.drover.api.AnswerHeaders;
import dev.drover.api.ApiRoutes;
import dev.drover.api.CostRoutes;
import dev.drover.api.Gate;
import dev.drover.api.OperatorRoutes;
import dev.drover.api.RunRoutes;
import dev.drover.journal.Audit;
import dev.drover.journal.CostRows;
import dev.drover.journal.OperatorRows;
import dev.drover.journal.Quarantine;
import dev.drover.journal.RunControl;
import dev.drover.run.CostQueries;
import dev.drover.run.Interventions;
import dev.drover.run.OperatorQueries;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunQueries;
import dev.drover.run.Tracing;
import dev.drover.run.WorkflowRegistry;
import dev.drover.run.WorkflowStore;
import dev.drover.security.Access;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** The API and what guards it. */
@Configuration(proxyBeanMethods = false)
class ApiWiring {
  @Bean
  Access access(Settings settings) {
    Access access = new Access(settings.auth().credentials());
    if (!access.isRequired() && !Loopback.is(settings.bind())) {
      throw new UnsafeBinding(settings.bind());
    }
    return access;
  }

  @Bean
  FilterRegistrationBean<Gate> gate(
      Settings settings, Access access, Readiness readiness, IntakeListener listener) {
    Gate gate =
        new Gate(
            access,
            settings.allProjects()::contains,
            readiness::isReady,
            (int) Math.min(Integer.MAX_VALUE - 8L, settings.maxBody().toBytes()),
            listener);
    FilterRegistrationBean<Gate> registration = new FilterRegistrationBean<>(gate);
    registration.addUrlPatterns("/api/*");
    registration.setOrder(Ordered.LOWEST_PRECEDENCE - 10); // behind metrics, which count refusals
    return registration;
  }

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTomcat() {
    return tomcat ->
        tomcat.addContextCustomizers(
            context ->
                ((StandardHost) context.getParent())
                    .setErrorReportValveClass(ProblemValve.class.getName()));
  }

  @Bean
  AnswerHeaders answerHeaders() {
    return new AnswerHeaders();
  }

  @Bean
  ApiRoutes apiRoutes(Agents agents, ApiRoutes.Engine engine, ApiRoutes.Intake intake) {
    return new ApiRoutes(engine, agents, intake);
  }

  @Bean
  RunRoutes runRoutes(Agents agents, ApiRoutes.Engine engine) {
    return new RunRoutes(engine, agents);
  }

  @Bean
  OperatorRoutes operatorRoutes(OperatorQueries queries) {
    return new OperatorRoutes(queries);
  }

  @Bean
  CostRoutes costRoutes(CostQueries queries) {
    return new CostRoutes(queries);
  }

  @Bean
  CostQueries costQueries(DataSource database, Clock clock) {
    return new CostRows(database, clock);
  }

  @Bean
  ApiRoutes.Engine engine(
      WorkflowRegistry workflows,
      WorkflowStore store,
      RunQueries runs,
      CostQueries costs,
      Interventions interventions,
      RunDispatcher dispatcher,
      Supplier<UUID> ids,
      Tracing tracing) {
    return new ApiRoutes.Engine(
        workflows, store, runs, costs, interventions, dispatcher, ids, tracing);
  }

  @Bean
  Interventions interventions(DataSource database, Audit audit, Clock clock) {
    return new RunControl(database, audit, clock);
  }

  @Bean
  OperatorQueries operatorQueries(DataSource database, Quarantine quarantine, Audit audit) {
    return new OperatorRows(database, quarantine, audit);
  }

  @Bean
  ApiRoutes.Intake intake(
      AlertReception reception, AlertIntake intake, AlertStore store, IntakeListener listener) {
    return new ApiRoutes.Intake(reception, intake, store, listener);
  }
}
