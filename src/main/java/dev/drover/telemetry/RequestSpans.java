package dev.drover.telemetry;

import dev.drover.run.TraceParent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.web.servlet.HandlerMapping;

/**
 * A span for each request that was let in, beneath the caller's if that says where it is. Stands
 * behind the gate: who may not call can neither fill a trace store nor choose what is recorded. It
 * tells of the route, and not of the path, which can be a secret.
 */
public final class RequestSpans implements Filter {
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("url.scheme");
  private static final AttributeKey<Long> STATUS =
      AttributeKey.longKey("http.response.status_code");
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH");

  private final Tracer tracer;

  RequestSpans(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  @SuppressWarnings("try") // a scope is there to be closed
  public void doFilter(ServletRequest plain, ServletResponse reply, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) plain;
    String method = METHODS.contains(request.getMethod()) ? request.getMethod() : "_OTHER";
    Context parent = caller(request).map(PastSpans::remote).orElseGet(Context::root);
    Span span =
        tracer
            .spanBuilder(method)
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .setAttribute(METHOD, method)
            .setAttribute(SCHEME, request.getScheme())
            .startSpan();
    Ending ending =
        new Ending(span, method, request, (HttpServletResponse) reply, new AtomicBoolean());
    boolean handedOn = false;
    try (Scope inside = parent.with(span).makeCurrent()) {
      chain.doFilter(new TracedRequest(request, header(span.getSpanContext())), reply);
      if (request.isAsyncStarted()) {
        request.getAsyncContext().addListener(ending);
        handedOn = true;
      }
    } catch (IOException | ServletException | RuntimeException | Error e) {
      span.setAttribute(PastSpans.ERROR_TYPE, e.getClass().getName()).setStatus(StatusCode.ERROR);
      throw e;
    } finally {
      if (!handedOn) {
        ending.end();
      }
    }
  }

  /** Several of them are none, as the W3C has it. */
  private static Optional<TraceParent> caller(HttpServletRequest request) {
    List<String> all = Collections.list(request.getHeaders(TracedRequest.HEADER));
    return all.size() == 1 ? TraceParent.of(all.get(0)) : Optional.empty();
  }

  private static String header(SpanContext span) {
    return new TraceParent(span.getTraceId(), span.getSpanId(), span.isSampled()).toString();
  }

  /** What is told when the answer is complete. */
  private record Ending(
      Span span,
      String method,
      HttpServletRequest request,
      HttpServletResponse response,
      AtomicBoolean ended)
      implements AsyncListener {
    void end() {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      if (request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE)
          instanceof String route) {
        span.updateName(method + " " + route).setAttribute(ROUTE, route);
      }
      int status = response.getStatus();
      span.setAttribute(STATUS, (long) status);
      if (status >= 500) {
        span.setAttribute(PastSpans.ERROR_TYPE, Integer.toString(status))
            .setStatus(StatusCode.ERROR);
      }
      span.end();
    }

    @Override
    public void onComplete(AsyncEvent event) {
      end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // it is completed by whoever handles that
    }

    @Override
    public void onError(AsyncEvent event) {
      // it is completed by whoever handles that
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      event.getAsyncContext().addListener(this);
    }
  }
}
