package dev.drover.agent.dagger;

import dev.drover.agent.dagger.TestContainer.Node;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.execution.DataFetcherExceptionHandler;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.schema.Coercing;
import graphql.schema.DataFetcher;
import graphql.schema.DataFetchingEnvironment;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.schema.idl.TypeDefinitionRegistry;
import graphql.schema.idl.TypeRuntimeWiring;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dagger's schema, as far as it is used, over the test's engine. */
final class EngineSchema {
  private static final Pattern FROM = Pattern.compile("(?m)^FROM (\\S+)$");
  private static final Pattern ENV = Pattern.compile("(?m)^ENV (\\w+)=(\\S+)$");

  private final TestEngine engine;

  /** An exec whose exit code is not one that was expected. */
  static final class ExecFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Map<String, Object> extensions;

    ExecFailure(Sandboxed.Ended ended, List<String> args) {
      super("process \"" + String.join(" ", args) + "\" did not complete successfully");
      extensions =
          Map.of(
              "_type", "EXEC_ERROR",
              "cmd", args,
              "exitCode", ended.code(),
              "stdout", last(ended.stdout()),
              "stderr", last(ended.stderr()));
    }

    private static String last(String text) {
      return text.substring(Math.max(0, text.length() - (100 << 10))).strip();
    }
  }

  EngineSchema(TestEngine engine) {
    this.engine = engine;
  }

  /** The schema, with the types of a resource. */
  GraphQL graphQl(String resource) {
    TypeDefinitionRegistry types = new SchemaParser().parse(read(resource));
    RuntimeWiring.Builder wiring = RuntimeWiring.newRuntimeWiring();
    for (String name :
        List.of("ContainerID", "DirectoryID", "FileID", "HostID", "SecretID", "Platform")) {
      wiring.scalar(text(name));
    }
    for (String name : List.of("Node", "Exportable")) {
      wiring.type(name, t -> t.typeResolver(any -> null));
    }
    wiring.type("Query", all(query()));
    wiring.type("Host", all(host()));
    wiring.type("Container", all(container()));
    wiring.type("Directory", all(node(true)));
    wiring.type("File", all(node(false)));
    wiring.type("Secret", t -> t.dataFetcher("id", e -> e.getSource()));
    GraphQLSchema schema = new SchemaGenerator().makeExecutableSchema(types, wiring.build());
    return GraphQL.newGraphQL(schema).defaultDataFetcherExceptionHandler(new Handler()).build();
  }

  private static UnaryOperator<TypeRuntimeWiring.Builder> all(Map<String, DataFetcher<?>> fields) {
    return type -> {
      fields.forEach(type::dataFetcher);
      return type;
    };
  }

  private static String read(String resource) {
    try (InputStream in = EngineSchema.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GraphQLScalarType text(String name) {
    Coercing<String, String> coercing =
        new Coercing<>() {
          @Override
          public String serialize(
              Object value, graphql.GraphQLContext context, java.util.Locale locale) {
            return String.valueOf(value);
          }

          @Override
          public String parseLiteral(
              graphql.language.Value<?> input,
              graphql.execution.CoercedVariables variables,
              graphql.GraphQLContext context,
              java.util.Locale locale) {
            return ((graphql.language.StringValue) input).getValue();
          }
        };
    return GraphQLScalarType.newScalar().name(name).coercing(coercing).build();
  }

  private Map<String, DataFetcher<?>> query() {
    return Map.of(
        "version", e -> engine.version(),
        "host", e -> "host",
        "container", e -> TestContainer.EMPTY,
        "setSecret", e -> engine.secret(e.getArgument("name"), e.getArgument("plaintext")));
  }

  private Map<String, DataFetcher<?>> host() {
    return Map.of("directory", this::load, "file", this::load);
  }

  private Node load(DataFetchingEnvironment field) {
    String path = field.getArgument("path");
    boolean noCache = field.getArgument("noCache");
    return engine.load(Path.of(path), noCache);
  }

  private Map<String, DataFetcher<?>> container() {
    Map<String, DataFetcher<?>> fields = new java.util.HashMap<>();
    fields.put("id", e -> engine.id(e.getSource()));
    fields.put("sync", e -> engine.id(e.getSource()));
    fields.put("from", e -> of(e).from(engine.image(e.getArgument("address"))));
    fields.put("withUser", e -> of(e).user(e.getArgument("name")));
    fields.put("withWorkdir", e -> of(e).workdir(e.getArgument("path")));
    fields.put("withEnvVariable", e -> of(e).env(e.getArgument("name"), e.getArgument("value")));
    fields.put(
        "withSecretVariable",
        e -> {
          String id = e.getArgument("secret");
          return of(e).secret(e.getArgument("name"), id, engine.secretValue(id));
        });
    fields.put("withMountedDirectory", this::mount);
    fields.put("withMountedFile", this::mount);
    fields.put("directory", e -> mounted(e, true));
    fields.put("file", e -> mounted(e, false));
    fields.put("withExec", e -> engine.execute(of(e), e));
    fields.put("exitCode", e -> of(e).ended().code());
    fields.put("stdout", e -> of(e).ended().stdout());
    fields.put(
        "stderr",
        e -> {
          engine.reach("stderr");
          return of(e).ended().stderr();
        });
    return fields;
  }

  private static TestContainer of(DataFetchingEnvironment field) {
    return field.getSource();
  }

  private TestContainer mount(DataFetchingEnvironment field) {
    Node node = engine.node(field.getArgument("source"));
    return of(field).mount(field.getArgument("path"), node);
  }

  private static Node mounted(DataFetchingEnvironment field, boolean folder) {
    String path = field.getArgument("path");
    Node node = of(field).mounts().get(path);
    if (node == null || node.folder() != folder) {
      throw new IllegalStateException(path + ": no such file or directory");
    }
    return node;
  }

  private Map<String, DataFetcher<?>> node(boolean folder) {
    Map<String, DataFetcher<?>> fields = new java.util.HashMap<>();
    fields.put("id", e -> engine.id(e.getSource()));
    fields.put(
        "export",
        e -> {
          String path = e.getArgument("path");
          boolean wipe = folder && (boolean) e.getArgument("wipe");
          engine.export(e.getSource(), Path.of(path), wipe, e.getGraphQlContext().get("exchange"));
          return path;
        });
    fields.put("dockerBuild", this::build);
    return fields;
  }

  private TestContainer build(DataFetchingEnvironment field) throws IOException {
    Node context = field.getSource();
    String name = field.getArgument("dockerfile");
    String dockerfile = Files.readString(context.copy().resolve(name));
    Matcher from = FROM.matcher(dockerfile);
    if (!from.find()) {
      throw new IllegalStateException("dockerfile parse error: no build stage in current context");
    }
    TestContainer built = TestContainer.EMPTY.from(engine.image(from.group(1)));
    Matcher env = ENV.matcher(dockerfile);
    while (env.find()) {
      built = built.env(env.group(1), env.group(2));
    }
    return built;
  }

  private static final class Handler implements DataFetcherExceptionHandler {
    @Override
    public CompletableFuture<DataFetcherExceptionHandlerResult> handleException(
        DataFetcherExceptionHandlerParameters at) {
      Throwable fault = at.getException();
      String where = " [traceparent:0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331]";
      GraphqlErrorBuilder<?> error =
          GraphqlErrorBuilder.newError()
              .message("%s", fault.getMessage() + where)
              .path(at.getPath());
      if (fault instanceof ExecFailure failure) {
        error.extensions(failure.extensions);
      }
      GraphQLError built = error.build();
      return CompletableFuture.completedFuture(
          DataFetcherExceptionHandlerResult.newResult().error(built).build());
    }
  }
}
