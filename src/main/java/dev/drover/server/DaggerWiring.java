package dev.drover.server;

import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.route.DaggerComponent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The Dagger engine, for agents and for routes. Nothing is started until something is to run there.
 */
@Configuration(proxyBeanMethods = false)
class DaggerWiring {
  @Bean(destroyMethod = "close")
  DaggerEngine daggerEngine() {
    return new DaggerEngine(SessionSettings.of(System.getenv()));
  }

  /** Camel finds a component by this name. */
  @Bean(DaggerComponent.SCHEME + "-component")
  DaggerComponent daggerComponent(DaggerEngine engine, Settings settings) {
    return new DaggerComponent(
        engine, new EnvironmentSecrets(System.getenv()), settings.dagger().engineEgress());
  }
}
