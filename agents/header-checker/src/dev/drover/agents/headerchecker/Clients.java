package dev.drover.agents.headerchecker;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;

/** Makes the HTTP client: no redirects, retries or cookies of its own, and bounds on everything. */
final class Clients {
  private static final int MOST_HEADERS = 200;
  private static final int LONGEST_LINE = 32 << 10;

  private Clients() {}

  /**
   * @param environment the operator's: whether private addresses may be asked, and a proxy, where
   *     the agent's manifest lists hosts. It then is the proxy that looks hosts up and at the list.
   */
  static CloseableHttpClient of(Map<String, String> environment, Duration timeout) {
    Optional<HttpHost> proxy = proxy(environment);
    boolean open = environment.getOrDefault("COMPLIANCE_ALLOW_PRIVATE", "").equals("true");
    DnsResolver resolver =
        open || proxy.isPresent() ? SystemDefaultDnsResolver.INSTANCE : new PublicOnly();
    Timeout limit = Timeout.ofMilliseconds(timeout.toMillis());
    HttpClientBuilder client =
        HttpClients.custom()
            .setConnectionManager(connections(resolver, limit))
            .setDefaultRequestConfig(RequestConfig.custom().setResponseTimeout(limit).build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableContentCompression()
            .disableAuthCaching();
    proxy.ifPresent(client::setProxy);
    return client.build();
  }

  private static HttpClientConnectionManager connections(DnsResolver resolver, Timeout limit) {
    Http1Config bounds =
        Http1Config.custom().setMaxHeaderCount(MOST_HEADERS).setMaxLineLength(LONGEST_LINE).build();
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(resolver)
        .setDefaultConnectionConfig(
            ConnectionConfig.custom().setConnectTimeout(limit).setSocketTimeout(limit).build())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder().http1Config(bounds).build())
        .build();
  }

  private static Optional<HttpHost> proxy(Map<String, String> environment) {
    String address = environment.getOrDefault("HTTPS_PROXY", "");
    if (address.isBlank()) {
      return Optional.empty();
    }
    URI uri = URI.create(address);
    return Optional.of(new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort()));
  }

  private static final class PublicOnly implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return AddressRules.publicOnly(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
