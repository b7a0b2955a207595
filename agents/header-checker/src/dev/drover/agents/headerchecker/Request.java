package dev.drover.agents.headerchecker;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What to grade.
 *
 * @param captured answers that somebody else got; nothing is asked for them
 */
record Request(
    List<URI> urls, List<Response> captured, Grade least, Duration timeout, int mostRedirects) {
  private static final Set<String> MEMBERS =
      Set.of("urls", "captured", "minGrade", "timeout", "maxRedirects");
  private static final int MOST = 50;

  Request {
    urls = List.copyOf(urls);
    captured = List.copyOf(captured);
  }

  static Request read(InputObject input) throws BadInput {
    input.allowOnly(MEMBERS, "the header checker");
    List<URI> urls = new ArrayList<>();
    for (String text : input.texts("urls")) {
      urls.add(address(text, "urls[" + urls.size() + "]"));
    }
    List<Response> captured = new ArrayList<>();
    for (InputObject one : input.members("captured")) {
      captured.add(captured(one, "captured[" + captured.size() + "].url"));
    }
    int all = urls.size() + captured.size();
    if (all == 0 || all > MOST) {
      throw new BadInput("give 1 to " + MOST + " addresses in urls, or answers in captured");
    }
    String least = input.optionalText("minGrade").orElse("B");
    return new Request(
        urls,
        captured,
        Grade.named(least)
            .orElseThrow(() -> new BadInput("minGrade must be one of A+, A, B, C, D, E, F")),
        Duration.ofSeconds(input.integer("timeout", 10, 1, 60)),
        input.integer("maxRedirects", 5, 0, 10));
  }

  private static Response captured(InputObject one, String where) throws BadInput {
    one.allowOnly(Set.of("url", "status", "headers"), "a captured answer");
    URI address = address(one.text("url"), where);
    List<Response.Header> headers = new ArrayList<>();
    for (InputObject header : one.members("headers")) {
      header.allowOnly(Set.of("name", "value"), "a header");
      headers.add(new Response.Header(header.text("name"), header.textOrEmpty("value")));
    }
    return new Response(address, address, one.integer("status", 200, 100, 599), headers, List.of());
  }

  private static URI address(String text, String where) throws BadInput {
    try {
      return Targets.parse(text);
    } catch (URISyntaxException e) {
      throw new BadInput(
          where
              + " is not usable: expected http://host/path or https://host/path, percent-encoded,"
              + " without user name");
    }
  }
}
