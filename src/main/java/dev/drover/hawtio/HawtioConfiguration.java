package dev.drover.hawtio;

import dev.drover.security.Access;
import dev.drover.server.Settings;
import jakarta.servlet.DispatcherType;
import org.jolokia.server.core.service.api.Restrictor;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** What guards the port of metrics; Boot makes it in that port's own context. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class HawtioConfiguration {
  @Bean
  FilterRegistrationBean<ManagementGate> managementGate(Access access) {
    FilterRegistrationBean<ManagementGate> registration =
        new FilterRegistrationBean<>(new ManagementGate(access));
    registration.addUrlPatterns("/*");
    // Not for ERROR: those pages say no more than a status, of requests that were judged already.
    registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.FORWARD);
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  @Bean
  Restrictor jolokiaRules(Settings settings) {
    return new JolokiaRules(settings.hawtio().access() == Settings.HawtioAccess.UNRESTRICTED);
  }
}
