package dev.drover.telemetry;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request whose place in a trace is that of its own span: what handles it is beneath that, and
 * not beside it beneath the caller's. Nothing else that callers say of traces goes further.
 */
final class TracedRequest extends HttpServletRequestWrapper {
  /** The W3C's header. */
  static final String HEADER = "traceparent";

  private static final Set<String> OURS = Set.of(HEADER, "tracestate", "baggage");

  private final String place;

  TracedRequest(HttpServletRequest request, String place) {
    super(request);
    this.place = place;
  }

  private static boolean isOurs(String name) {
    return OURS.contains(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public @Nullable String getHeader(String name) {
    if (!isOurs(name)) {
      return super.getHeader(name);
    }
    return name.equalsIgnoreCase(HEADER) ? place : null;
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    if (!isOurs(name)) {
      return super.getHeaders(name);
    }
    return Collections.enumeration(name.equalsIgnoreCase(HEADER) ? List.of(place) : List.of());
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    Set<String> names = new LinkedHashSet<>(Collections.list(super.getHeaderNames()));
    names.removeIf(TracedRequest::isOurs);
    names.add(HEADER);
    return Collections.enumeration(names);
  }
}
