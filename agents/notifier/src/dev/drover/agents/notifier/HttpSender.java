package dev.drover.agents.notifier;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.http.HttpEndpoint;
import org.apache.hc.core5.http.ClassicHttpResponse;

/**
 * POSTs JSON by camel-http. The endpoint URI is a constant; the real address is set on the endpoint
 * as a {@link URI}, and control headers are switched off, so neither data nor address passes
 * through anything that expands placeholders. The client does not retry, follow redirects or keep
 * cookies: whether to try again is the engine's decision. A proxy is taken from Java's system
 * properties, where the runtime sets it for an agent whose manifest lists hosts.
 */
final class HttpSender {

  private static final String ENDPOINT =
      "https://receiver.invalid?httpMethod=POST&bridgeEndpoint=true&skipControlHeaders=true"
          + "&throwExceptionOnFailure=false&ignoreResponseBody=true&followRedirects=false"
          + "&connectionClose=true&useSystemProperties=true&userAgent=Drover-notifier";

  /** Of an answer only so much is looked at. */
  private static final int MOST_ANSWER = 64 << 10;

  private final Attempt attempt;
  private final Duration timeout;

  /** What was kept of an answer's body. */
  private static final class Answer {
    private byte[] beginning = new byte[0];
  }

  HttpSender(Attempt attempt, Duration timeout) {
    this.attempt = attempt;
    this.timeout = timeout;
  }

  Outcome send(Post post) {
    String host = post.url().getHost();
    Answer answer = new Answer();
    try (CamelRuntime camel = CamelRuntime.with("https", component(answer))) {
      HttpEndpoint endpoint = camel.endpoint(ENDPOINT, HttpEndpoint.class);
      endpoint.setHttpUri(post.url());
      Exchange exchange = camel.send(endpoint, ready -> fill(ready, post));
      Exception failure = exchange.getException();
      return failure == null
          ? answered(post, exchange, answer.beginning)
          : HttpFailures.ofException(host, failure);
    } catch (RuntimeException e) {
      return HttpFailures.ofException(host, e);
    }
  }

  private HttpComponent component(Answer answer) {
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
                .disableAuthCaching()
                .addExecInterceptorFirst(
                    "answer",
                    (request, scope, chain) -> read(chain.proceed(request, scope), answer)));
    return component;
  }

  /** Camel would read all of it; a receiver that has much to say is not listened to. */
  private static ClassicHttpResponse read(ClassicHttpResponse response, Answer answer)
      throws IOException {
    if (response.getCode() / 100 == 2 && response.getEntity() != null) {
      InputStream content = response.getEntity().getContent();
      answer.beginning = content == null ? new byte[0] : content.readNBytes(MOST_ANSWER);
    }
    return response;
  }

  private void fill(Exchange exchange, Post post) {
    exchange.getIn().setBody(post.body().getBytes(StandardCharsets.UTF_8));
    Map<String, Object> headers = exchange.getIn().getHeaders();
    headers.put(Exchange.CONTENT_TYPE, "application/json; charset=utf-8");
    attempt.idempotencyKey().ifPresent(key -> headers.put("Idempotency-Key", key));
    attempt.traceparent().ifPresent(trace -> headers.put("traceparent", trace));
    headers.putAll(post.headers());
  }

  private static Outcome answered(Post post, Exchange exchange, byte[] answer) {
    String host = post.url().getHost();
    Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    if (status == null) {
      return new Outcome.PermanentFailure(host + " gave no HTTP status");
    }
    if (status >= 200 && status < 300) {
      return post.reader().read(status, answer);
    }
    String retryAfter = exchange.getMessage().getHeader("Retry-After", "", String.class);
    return HttpFailures.ofStatus(host, status, retryAfter);
  }
}
