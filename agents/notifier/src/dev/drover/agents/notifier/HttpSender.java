package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;

/**
 * POSTs JSON by camel-http. The endpoint URI is a constant; the real address is set on the endpoint
 * as a {@link URI}, and control headers are switched off, so neither data nor address passes
 * through anything that expands placeholders. The client does not retry, follow redirects or keep
 * cookies: whether to try again is the engine's decision.
 */
final class HttpSender {

  private static final String ENDPOINT =
      "https://receiver.invalid?httpMethod=POST&bridgeEndpoint=true&skipControlHeaders=true"
          + "&throwExceptionOnFailure=false&ignoreResponseBody=true&followRedirects=false"
          + "&connectionClose=true&userAgent=Drover-notifier";

  private final Attempt attempt;
  private final Duration timeout;

  HttpSender(Attempt attempt, Duration timeout) {
    this.attempt = attempt;
    this.timeout = timeout;
  }

  Outcome send(URI url, JsonNode body) {
    try (CamelRuntime camel = CamelRuntime.with("https", component())) {
      HttpEndpoint endpoint = camel.endpoint(ENDPOINT, HttpEndpoint.class);
      endpoint.setHttpUri(url);
      Exchange exchange = camel.send(endpoint, ready -> fill(ready, body));
      Exception failure = exchange.getException();
      return failure == null
          ? answered(url.getHost(), exchange)
          : HttpFailures.ofException(url.getHost(), failure);
    } catch (RuntimeException e) {
      return HttpFailures.ofException(url.getHost(), e);
    }
  }

  private HttpComponent component() {
    HttpComponent component = new HttpComponent();
    component.setConnectTimeout(timeout.toMillis());
    component.setResponseTimeout(timeout.toMillis());
    component.setSoTimeout(timeout.toMillis());
    component.setHttpClientConfigurer(
        client ->
            client
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching());
    return component;
  }

  private void fill(Exchange exchange, JsonNode body) {
    exchange.getIn().setBody(body.toString().getBytes(StandardCharsets.UTF_8));
    Map<String, Object> headers = exchange.getIn().getHeaders();
    headers.put(Exchange.CONTENT_TYPE, "application/json; charset=utf-8");
    attempt.idempotencyKey().ifPresent(key -> headers.put("Idempotency-Key", key));
    attempt.traceparent().ifPresent(trace -> headers.put("traceparent", trace));
  }

  private static Outcome answered(String host, Exchange exchange) {
    Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    if (status == null) {
      return new Outcome.PermanentFailure(host + " gave no HTTP status");
    }
    if (status >= 200 && status < 300) {
      return new Outcome.Delivered(OptionalInt.of(status));
    }
    String retryAfter = exchange.getMessage().getHeader("Retry-After", "", String.class);
    return HttpFailures.ofStatus(host, status, retryAfter);
  }
}
