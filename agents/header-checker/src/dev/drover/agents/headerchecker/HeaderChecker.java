package dev.drover.agents.headerchecker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.Call;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.PlainText;
import dev.drover.agents.kit.Program;
import dev.drover.agents.kit.Work;
import dev.drover.agents.kit.WorkFailure;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.function.Function;

/** The program: asks servers, grades their answers. A bad grade is no failure. */
public final class HeaderChecker implements Work {
  private static final int LONGEST = 2_000;
  private static final int FULL = 100;

  HeaderChecker() {}

  /** Runs once, or as long as the engine keeps it warm. */
  public static void main(String[] arguments) {
    Program.main(new HeaderChecker());
  }

  @Override
  public JsonNode run(InputObject input, Call call) throws BadInput, WorkFailure {
    Request request = Request.read(input);
    Report report = new Report(request.least());
    for (Response response : request.captured()) {
      report.add(response);
    }
    try (Fetcher fetcher =
        new Fetcher(
            Clients.of(call.environment(), request.timeout()),
            request.timeout(),
            request.mostRedirects())) {
      for (URI url : request.urls()) {
        call.say("asking " + url.getHost());
        Fetcher.Fetched fetched = fetcher.fetch(url);
        if (fetched instanceof Fetcher.Fetched.Answered answered) {
          report.add(answered.response());
        } else if (fetched instanceof Fetcher.Fetched.Failed failed) {
          call.say(failed.reason());
          report.add(url, failed);
        }
      }
    } catch (IOException e) {
      throw WorkFailure.permanent("the HTTP client can't be closed: " + e.getClass().getName());
    }
    return report.json();
  }

  /** The output in the making. */
  private static final class Report {
    private final Grade least;
    private final ObjectNode json = JsonNodeFactory.instance.objectNode();
    private final ArrayNode results = json.putArray("results");
    private final ArrayNode errors = json.putArray("errors");
    private boolean compliant = true;
    private boolean onlyTemporary = true;
    private String lastReason = "";

    Report(Grade least) {
      this.least = least;
    }

    void add(URI url, Fetcher.Fetched.Failed failed) {
      compliant = false;
      onlyTemporary &= failed.temporary();
      lastReason = failed.reason();
      errors
          .addObject()
          .put("url", shown(url))
          .put("reason", PlainText.oneLine(failed.reason()))
          .put("temporary", failed.temporary());
    }

    void add(Response response) {
      List<Deduction> deductions = Checks.of(response);
      int lost = deductions.stream().mapToInt(one -> one.rule().points()).sum();
      int score = Math.max(0, FULL - lost);
      Grade grade = Grade.of(score);
      compliant &= grade.isAtLeast(least);
      ObjectNode result = results.addObject();
      result.put("url", shown(response.asked()));
      result.put("finalUrl", shown(response.address()));
      result.put("status", response.status());
      list(
          result.putArray("redirects"),
          response.redirects(),
          step -> step("status", step.status()).put("to", shown(step.to())));
      result.put("grade", grade.word());
      result.put("score", score);
      list(
          result.putArray("deductions"),
          deductions,
          one ->
              step("points", one.rule().points())
                  .put("rule", one.rule().id())
                  .put("reason", one.rule().words())
                  .put("seen", one.seen())
                  .put("remedy", one.rule().remedy()));
    }

    /** If nothing could be learnt now, another attempt may. */
    JsonNode json() throws WorkFailure {
      if (results.isEmpty() && onlyTemporary) {
        throw WorkFailure.temporary(lastReason);
      }
      return json.put("compliant", compliant);
    }

    private static ObjectNode step(String name, int number) {
      return JsonNodeFactory.instance.objectNode().put(name, number);
    }

    private static <T> void list(ArrayNode to, List<T> all, Function<T, ObjectNode> form) {
      all.forEach(one -> to.add(form.apply(one)));
    }

    private static String shown(URI url) {
      return PlainText.cut(url.toString(), LONGEST);
    }
  }
}
