package dev.drover.agent.dagger;

import dev.drover.agent.dagger.TestContainer.Node;
import dev.drover.json.InvalidJson;
import dev.drover.json.Json;
import graphql.ErrorType;
import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.schema.DataFetchingEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A Dagger engine for tests: the session protocol and the schema are those of the real one, an
 * invalid query fails, equal execs are executed once, and what is executed is executed for real.
 */
public final class TestEngine implements AutoCloseable {
  /** Which of Dagger's two ways with ids it has. */
  public enum Flavour {
    /** A scalar for each type: up to 0.21.0. */
    IDS_BY_TYPE("schema-0.18.graphqls", "v0.18.19"),
    /** One scalar: after that. */
    ONE_ID("schema-1.0.graphqls", "v1.0.0");

    private final String schema;
    private final String version;

    Flavour(String schema, String version) {
      this.schema = schema;
      this.version = version;
    }
  }

  private static final Set<String> IMAGES =
      Set.of("test:1", "scratch-like:1", "plain-shell:1", "from-dockerfile:1");

  private final Flavour flavour;
  private final TestFiles files;
  private final GraphQL graphQl;
  private final String token = UUID.randomUUID().toString();
  private final Map<String, Object> objects = new ConcurrentHashMap<>();
  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private final Map<Path, Node> hostCache = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<TestContainer>> executed = new ConcurrentHashMap<>();
  private final Set<Sandboxed> running = ConcurrentHashMap.newKeySet();
  private final LogRows logs = new LogRows();
  private final TestExports exports = new TestExports();
  private final Map<String, String> faults = new ConcurrentHashMap<>();
  private volatile boolean streams = true;
  private volatile boolean masks = true;
  private volatile HttpConnections connections;

  /** The queries that came, as they were sent. */
  private final ConcurrentLinkedQueue<Map<String, Object>> queries = new ConcurrentLinkedQueue<>();

  private final ConcurrentLinkedQueue<String> traces = new ConcurrentLinkedQueue<>();

  /**
   * Starts one.
   *
   * @param store a folder for its own files
   */
  public TestEngine(Flavour flavour, Path store) {
    this.flavour = flavour;
    this.files = new TestFiles(store);
    this.graphQl = new EngineSchema(this).graphQl(flavour.schema);
    this.connections = new HttpConnections(this::handle);
  }

  /** The line that the CLI prints for the present session. */
  public String sessionLine() {
    return Json.print(Map.of("port", (long) connections.port(), "session_token", token));
  }

  /** Where a session that runs already is found. */
  public Map<String, String> environment() {
    return Map.of(
        SessionSource.PORT, String.valueOf(connections.port()), SessionSource.TOKEN, token);
  }

  /** Dies: connections break, what runs is killed, ids and secrets are forgotten. */
  public void die() {
    connections.close();
    running.forEach(Sandboxed::kill);
    objects.clear();
    secrets.clear();
    hostCache.clear();
  }

  /** Is there again, at another port. */
  public void rise() {
    connections = new HttpConnections(this::handle);
  }

  /** Goes on without the stream of log records, as an older engine might. */
  public void withoutLogStream() {
    streams = false;
  }

  /** Says no, with these words, whenever a field of that name is come to. */
  public void fails(String field, String words) {
    faults.put(field, words);
  }

  /** Leaves secrets in what programs write. */
  public void withoutMasks() {
    masks = false;
  }

  /** Exports that are held, and the way to hold them. */
  public TestExports exports() {
    return exports;
  }

  /** Loses every n-th record of stderr on the stream. */
  public void losesLogRecords(int everyNth) {
    logs.withhold(everyNth);
  }

  /** The texts of the queries that came, without their variables. */
  public List<String> queries() {
    return queries.stream().map(query -> String.valueOf(query.get("query"))).toList();
  }

  /** The bodies of the queries that came, with variables. */
  public List<String> bodies() {
    return queries.stream().map(Json::print).toList();
  }

  /** The traceparents that came with queries. */
  public List<String> traceparents() {
    return List.copyOf(traces);
  }

  /** How many programs run at the moment. */
  public int running() {
    return running.size();
  }

  String version() {
    return flavour.version;
  }

  private void handle(HttpConnections.Request request, HttpConnections.Exchange exchange)
      throws IOException {
    String basic =
        Base64.getEncoder().encodeToString((token + ":").getBytes(StandardCharsets.UTF_8));
    if (!request.headers().getOrDefault("authorization", "").equals("Basic " + basic)) {
      exchange.answer(401, "text/plain", "");
    } else if (request.headers().containsKey("upgrade")) {
      exchange.answer(
          502, "text/plain", "http do: net/http: invalid Upgrade request header: [\"h2c\"]");
    } else if (request.path().equals("/query") && request.method().equals("POST")) {
      query(request, exchange);
    } else if (request.path().equals("/v1/logs") && streams) {
      logs.stream(exchange, request.headers().getOrDefault("x-last-event-id", ""));
    } else {
      exchange.answer(404, "text/plain", "404 page not found");
    }
  }

  private void query(HttpConnections.Request request, HttpConnections.Exchange exchange)
      throws IOException {
    try {
      Map<String, Object> body = Json.asObject(Json.parse(request.body()));
      queries.add(body);
      String parent = request.headers().getOrDefault("traceparent", "");
      if (!parent.isEmpty()) {
        traces.add(parent);
      }
      ExecutionInput input =
          ExecutionInput.newExecutionInput()
              .query(String.valueOf(body.get("query")))
              .variables(Json.asObject(body.get("variables")))
              .graphQLContext(Map.of("exchange", exchange, "traceparent", parent))
              .build();
      ExecutionResult result = graphQl.execute(input);
      boolean invalid =
          result.getErrors().stream()
              .anyMatch(
                  e ->
                      e.getErrorType() == ErrorType.ValidationError
                          || e.getErrorType() == ErrorType.InvalidSyntax);
      String answer = Json.print(result.toSpecification());
      exchange.answer(invalid ? 422 : 200, "application/json", answer);
    } catch (InvalidJson e) {
      exchange.answer(400, "text/plain", "json body could not be decoded: " + e.getMessage());
    }
  }

  String image(String address) {
    if (!IMAGES.contains(address)) {
      throw new IllegalStateException(
          "failed to resolve image " + address + ": pull access denied, repository does not exist");
    }
    return address;
  }

  String id(Object object) {
    String id =
        Base64.getEncoder()
            .encodeToString(UUID.randomUUID().toString().getBytes(StandardCharsets.UTF_8));
    objects.put(id, object);
    return id;
  }

  Node node(String id) {
    if (objects.get(id) instanceof Node node) {
      return node;
    }
    throw new IllegalStateException("failed to load " + id + ": unknown id");
  }

  /** An engine knows a secret by its name alone: the last value of a name wins. */
  String secret(String name, String value) {
    secrets.put(name, value);
    return name;
  }

  String secretValue(String id) {
    String value = secrets.get(id);
    if (value == null) {
      throw new IllegalStateException("secret not found: " + id);
    }
    return value;
  }

  Node load(Path path, boolean noCache) {
    return noCache ? files.load(path) : hostCache.computeIfAbsent(path, files::load);
  }

  void export(Node node, Path path, boolean wipe, HttpConnections.Exchange exchange) {
    reach("export");
    exports.pass(exchange);
    files.export(node, path, wipe);
  }

  /** A field is come to: fails if it is to. */
  void reach(String field) {
    String why = faults.get(field);
    if (why != null) {
      throw new IllegalStateException(why);
    }
  }

  /** Executes what has not been executed yet, also when another session asks. */
  TestContainer execute(TestContainer container, DataFetchingEnvironment field) {
    reach("withExec");
    List<String> args = field.getArgument("args");
    String stdin = field.getArgument("stdin");
    String expect = field.getArgument("expect");
    String command = Json.print(args) + " < " + stdin;
    CompletableFuture<TestContainer> mine = new CompletableFuture<>();
    String key = container.recipe() + "\n" + command;
    CompletableFuture<TestContainer> first = executed.putIfAbsent(key, mine);
    if (first == null) {
      try {
        mine.complete(execute(container, args, stdin, field));
      } catch (RuntimeException e) {
        executed.remove(key, mine);
        mine.completeExceptionally(e);
        throw e;
      }
    }
    TestContainer ended = (first == null ? mine : first).join();
    int code = ended.ended().code();
    boolean expected = code == 0 || (expect.equals("ANY") && (code < 128 || code > 191));
    if (!expected) {
      throw new EngineSchema.ExecFailure(ended.ended(), args);
    }
    return ended;
  }

  private TestContainer execute(
      TestContainer container, List<String> args, String stdin, DataFetchingEnvironment field) {
    String parent = field.getGraphQlContext().get("traceparent");
    String trace = parent.isEmpty() ? "0".repeat(31) + "1" : parent.substring(3, 35);
    TestContainer traced = container.env("TRACEPARENT", "00-" + trace + "-00f067aa0ba902b7-01");
    Sandboxed program = Sandboxed.start(traced, args);
    running.add(program);
    HttpConnections.Exchange exchange = field.getGraphQlContext().get("exchange");
    exchange.onHangUp(program::kill);
    try {
      Sandboxed.Ended ended =
          program.run(
              stdin,
              masks ? new HashMap<>(container.secrets()) : Map.of(),
              (stream, text, last) -> logs.add(trace, stream, text, last));
      return container.ended(Json.print(args) + " < " + stdin, ended);
    } finally {
      running.remove(program);
    }
  }

  @Override
  public void close() {
    die();
  }
}
