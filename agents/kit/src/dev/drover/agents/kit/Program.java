package dev.drover.agents.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An agent's process: one input as JSON on stdin, one output as JSON on stdout, words on stderr.
 * Exit code 0 is success, 75 that trying again may help, 65 an input that can't be used, 1 anything
 * else. With {@code DROVER_WARM} in the environment it serves one attempt a line instead, until
 * stdin ends.
 */
public final class Program {
  static final int OK = 0;
  static final int FAILED = 1;

  /** EX_DATAERR and EX_TEMPFAIL of sysexits.h. */
  static final int BAD_INPUT = 65;

  static final int TRY_AGAIN = 75;

  private static final int MOST_INPUT = 64 << 20;
  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Work work;
  private final Map<String, String> environment;
  private final PrintStream log;

  /**
   * For tests, which bring their own streams.
   *
   * @param environment what {@code System.getenv()} would be
   * @param log stderr
   */
  public Program(Work work, Map<String, String> environment, PrintStream log) {
    this.work = work;
    this.environment = environment;
    this.log = log;
  }

  /**
   * Runs and ends the process. Standard output is taken away from everything else first, and
   * libraries are made silent: what they would log may hold an address or a password.
   */
  public static void main(Work work) {
    PrintStream output = System.out;
    PrintStream log = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.setOut(log);
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
    System.exit(new Program(work, System.getenv(), log).run(System.in, output));
  }

  /** Does what the environment asks for: one attempt, or one a line; returns the exit code. */
  public int run(InputStream input, OutputStream output) {
    try {
      return environment.containsKey(WarmLine.VARIABLE)
          ? serve(input, output)
          : once(input, output);
    } catch (IOException e) {
      return say(FAILED, "standard input or output broke: " + e.getClass().getSimpleName());
    }
  }

  private int once(InputStream input, OutputStream output) throws IOException {
    byte[] document = input.readNBytes(MOST_INPUT + 1);
    Result result = attempt(document, document.length, environment);
    if (result.output() != null) {
      write(output, result.output());
    }
    return result.exit();
  }

  private int serve(InputStream input, OutputStream output) throws IOException {
    WarmLine lines = new WarmLine(input, MOST_INPUT);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      write(output, answer(line));
    }
    return OK;
  }

  private JsonNode answer(byte[] line) {
    Result result;
    try {
      WarmLine.Order order = WarmLine.order(parse(line), environment);
      result = attempt(order.input(), order.environment());
    } catch (BadInput e) {
      result = failed(BAD_INPUT, "bad input: " + e.getMessage());
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (result.output() != null) {
      answer.set("output", result.output());
    } else {
      answer.put("exit", result.exit()).put("message", result.message());
    }
    return answer;
  }

  private Result attempt(byte[] document, int length, Map<String, String> variables) {
    if (length > MOST_INPUT) {
      return failed(BAD_INPUT, "bad input: it is larger than " + MOST_INPUT + " bytes");
    }
    try {
      return attempt(parse(document), variables);
    } catch (BadInput e) {
      return failed(BAD_INPUT, "bad input: " + e.getMessage());
    }
  }

  private Result attempt(JsonNode input, Map<String, String> variables) {
    try {
      return new Result(OK, "", work.run(InputObject.of(input), new Call(variables, log)));
    } catch (BadInput e) {
      return failed(BAD_INPUT, "bad input: " + e.getMessage());
    } catch (WorkFailure e) {
      return e.isTemporary()
          ? failed(TRY_AGAIN, "temporary failure: " + e.getMessage())
          : failed(FAILED, "failed: " + e.getMessage());
    } catch (RuntimeException | StackOverflowError e) {
      // Its message could quote the input; its place can't.
      StackTraceElement[] trace = e.getStackTrace();
      String place = trace.length == 0 ? "an unknown place" : trace[0].toString();
      return failed(
          FAILED, "internal error, please report it: " + e.getClass().getName() + " at " + place);
    }
  }

  /** How an attempt went: with an output, or with words. */
  private record Result(int exit, String message, @Nullable JsonNode output) {}

  private Result failed(int exit, String message) {
    say(exit, message);
    return new Result(exit, message, null);
  }

  private int say(int exit, String message) {
    log.println(PlainText.oneLine(message));
    log.flush();
    return exit;
  }

  private void write(OutputStream output, JsonNode document) throws IOException {
    log.flush(); // what was said belongs before the answer
    output.write(STRICT.writeValueAsBytes(document));
    output.write('\n');
    output.flush();
  }

  private static JsonNode parse(byte[] document) throws BadInput {
    try {
      return STRICT.readTree(document);
    } catch (JsonProcessingException e) {
      // Only the place: the parser's message quotes the document.
      var place = e.getLocation();
      throw new BadInput(
          "it is not one valid JSON document without duplicate names"
              + (place == null
                  ? ""
                  : ": line " + place.getLineNr() + ", column " + place.getColumnNr()));
    } catch (IOException e) {
      throw new BadInput("it can't be read as UTF-8 JSON");
    }
  }
}
