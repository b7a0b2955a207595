package dev.drover.api;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpHeaderFilterStrategy;

/**
 * The headers that an answer may carry. Camel would send every header of the message, among them
 * those of the request: its credential too.
 */
public final class AnswerHeaders extends HttpHeaderFilterStrategy {
  private static final Set<String> ALLOWED =
      Set.of(
          "content-type",
          "content-disposition",
          "content-length",
          "x-content-type-options",
          "retry-after",
          "allow");

  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !ALLOWED.contains(name.toLowerCase(Locale.ROOT));
  }
}
