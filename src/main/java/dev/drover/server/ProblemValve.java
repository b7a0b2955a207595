package dev.drover.server;

import dev.drover.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * Tells of requests that Tomcat refuses before the API sees them, or that broke after it, in
 * problem documents (RFC 9457) as the API does, instead of HTML pages. Public because Tomcat makes
 * it by its name.
 */
public final class ProblemValve extends ErrorReportValve {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

  @Override
  protected void report(Request request, Response response, @Nullable Throwable thrown) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    HttpStatus known = HttpStatus.resolve(status);
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", known == null ? "Error" : known.getReasonPhrase());
    problem.put("status", (long) status);
    problem.put(
        "detail",
        status < 500
            ? "this is not a request that an HTTP server can answer"
            : "the request failed; the server's log says why");
    try {
      response.setContentType("application/problem+json");
      response.setCharacterEncoding("UTF-8");
      response.getReporter().write(Json.print(problem));
      response.finishResponse();
    } catch (IOException | IllegalStateException e) {
      LOG.atDebug().setCause(e).log("An error could not be told: the caller has gone");
    }
  }
}
