package dev.drover.server;

import dev.drover.route.ShownObjects;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What management tools see. */
@Configuration(proxyBeanMethods = false)
class ManagementWiring {
  @Bean
  CamelContextConfiguration shownObjects() {
    return new CamelContextConfiguration() {
      @Override
      public void beforeApplicationStart(CamelContext camel) {
        camel.getManagementStrategy().setManagementObjectStrategy(new ShownObjects());
      }

      @Override
      public void afterApplicationStart(CamelContext camel) {}
    };
  }
}
