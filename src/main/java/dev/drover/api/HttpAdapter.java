package dev.drover.api;

import dev.drover.alert.IntakeUnavailable;
import dev.drover.run.Failure;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Lets a handler answer an exchange. Nothing of the request's headers reaches the answer, and no
 * exception reaches the caller: what is unexpected is logged whole under an id that the caller
 * gets.
 */
final class HttpAdapter implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(HttpAdapter.class);
  private final Handler handler;

  HttpAdapter(Handler handler) {
    this.handler = handler;
  }

  @Override
  public void process(Exchange exchange) {
    Message message = exchange.getMessage();
    HttpServletRequest servletRequest =
        message.getHeader("CamelHttpServletRequest", HttpServletRequest.class);
    Answer answer;
    try {
      answer = answer(new Request(servletRequest));
    } finally {
      Gate.bodyIsDone(servletRequest);
    }
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, answer.contentType());
    message.setHeader("X-Content-Type-Options", "nosniff");
    if (answer.status() == 503) {
      message.setHeader("Retry-After", "1");
    }
    Answer.Download file = answer.file();
    if (file == null) {
      message.setBody(answer.body());
    } else {
      message.setHeader("Content-Disposition", file.disposition());
      message.setHeader("Content-Length", file.size());
      message.setBody(file.content());
    }
  }

  private Answer answer(Request request) {
    try {
      if (request.isStale()) {
        throw ApiProblem.unavailable("too many requests are waiting; try again");
      }
      return handler.answer(request);
    } catch (ApiProblem problem) {
      return Answer.problem(problem);
    } catch (DataAccessException | TransactionException | IntakeUnavailable e) {
      // One line a request: while the database is away there can be many.
      Failure why = Failure.of(e);
      LOG.atWarn()
          .addKeyValue("type", why.type())
          .addKeyValue("reason", why.message())
          .addKeyValue("causes", why.causes())
          .log("A request failed in the database");
      return Answer.problem(ApiProblem.unavailable("the database did not answer; try again"));
    } catch (RuntimeException e) {
      String id = UUID.randomUUID().toString();
      LOG.atError().addKeyValue("id", id).setCause(e).log("A request failed");
      return Answer.problem(
          new ApiProblem(
              500,
              "Internal error",
              "an unexpected " + Failure.of(e).type() + "; the server's log has it under this id",
              Map.of("id", id)));
    }
  }
}
