package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A JSON document on its way to an HTTP receiver.
 *
 * @param headers beyond those that every receiver gets; may hold a secret
 * @param reader what an answer of success means
 */
record Post(URI url, String body, Map<String, String> headers, Reader reader) {

  /** Tells from an answer with a 2xx status, and the beginning of its body, how it went. */
  @FunctionalInterface
  interface Reader {
    Outcome read(int status, byte[] body);
  }

  Post {
    headers = Map.copyOf(headers);
  }

  /** To a receiver whose status says all. */
  static Post of(URI url, JsonNode body) {
    return new Post(
        url,
        body.toString(),
        Map.of(),
        (status, answer) -> new Outcome.Delivered(OptionalInt.of(status), Optional.empty()));
  }

  Post with(Reader other) {
    return new Post(url, body, headers, other);
  }

  Post with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Post(url, body, more, reader);
  }

  /** Does not print address, body and headers. */
  @Override
  public String toString() {
    return "Post[" + url.getHost() + "]";
  }
}
