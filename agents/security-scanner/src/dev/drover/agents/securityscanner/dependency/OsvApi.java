package dev.drover.agents.securityscanner.dependency;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * OSV's API: names and versions of dependencies are sent, ids come back, and each id's record is
 * fetched and judged here, by the same rules as an export's.
 */
public final class OsvApi {
  private static final int QUERIES = 500;
  private static final int MOST_PAGES = 50;
  private static final int MOST_RECORDS = 10_000;
  private static final int LARGEST_ANSWER = 32 << 20;
  private static final int AT_ONCE = 8;
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final URI base;
  private final JsonFactory json = new JsonFactory();
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** The API as a whole can't be used now; trying again may help. */
  public static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }

  /** A package at a version, and where its next page begins. */
  private record Query(Ecosystem ecosystem, String name, String version, String page) {}

  /** The address without {@code /v1}. */
  public OsvApi(URI base) {
    this.base = base;
  }

  /** Asks about all of them. */
  public List<Vulnerability> check(Set<Dependency> dependencies) throws Unavailable {
    Set<Query> queries = new LinkedHashSet<>();
    for (Dependency each : dependencies) {
      queries.add(new Query(each.ecosystem(), each.name(), each.version(), ""));
    }
    Set<String> ids = ids(new ArrayList<>(queries));
    Findings findings = new Findings(dependencies);
    OsvReader reader = new OsvReader(findings::knows);
    List<String> all = List.copyOf(ids);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<CompletableFuture<byte[]>> answers = new ArrayList<>();
      for (String id : all.subList(from, Math.min(from + AT_ONCE, all.size()))) {
        String path = "/v1/vulns/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
        answers.add(send(HttpRequest.newBuilder(at(path)).GET()));
      }
      for (CompletableFuture<byte[]> answer : answers) {
        add(await(answer), reader, findings);
      }
    }
    return findings.vulnerabilities();
  }

  private static void add(byte[] record, OsvReader reader, Findings findings) throws Unavailable {
    try {
      reader.read(record).ifPresent(findings::add);
    } catch (IOException e) {
      throw new Unavailable("OSV's API answers with what is no record");
    }
  }

  private Set<String> ids(List<Query> queries) throws Unavailable {
    Set<String> ids = new TreeSet<>();
    List<Query> open = queries;
    for (int page = 0; !open.isEmpty(); page++) {
      if (page > MOST_PAGES || ids.size() > MOST_RECORDS) {
        throw new Unavailable("OSV's API answers with more than can be taken");
      }
      List<Query> further = new ArrayList<>();
      for (int from = 0; from < open.size(); from += QUERIES) {
        List<Query> batch = open.subList(from, Math.min(from + QUERIES, open.size()));
        try {
          answer(await(send(post(batch))), batch, ids, further);
        } catch (IOException e) {
          throw new Unavailable("OSV's API answers with what is not its format");
        }
      }
      open = further;
    }
    return ids;
  }

  private HttpRequest.Builder post(List<Query> batch) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator out = json.createGenerator(body)) {
      out.writeStartObject();
      out.writeArrayFieldStart("queries");
      for (Query query : batch) {
        out.writeStartObject();
        out.writeObjectFieldStart("package");
        out.writeStringField("ecosystem", query.ecosystem().osvName());
        out.writeStringField("name", query.name());
        out.writeEndObject();
        out.writeStringField("version", query.version());
        if (!query.page().isEmpty()) {
          out.writeStringField("page_token", query.page());
        }
        out.writeEndObject();
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    return HttpRequest.newBuilder(at("/v1/querybatch"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()));
  }

  /** The results are in the order of the queries. */
  private void answer(byte[] body, List<Query> batch, Set<String> ids, List<Query> further)
      throws IOException {
    try (JsonParser parser = json.createParser(body)) {
      int result = -1;
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        // {"results": [ {"vulns": [ {"id": ...} ], "next_page_token": ...} ]}
        if (token == JsonToken.START_OBJECT && depth == 3) {
          result++;
        } else if (token == JsonToken.VALUE_STRING && "id".equals(parser.currentName())) {
          ids.add(parser.getText());
        } else if (token == JsonToken.VALUE_STRING
            && "next_page_token".equals(parser.currentName())
            && result >= 0
            && result < batch.size()) {
          Query query = batch.get(result);
          String page = parser.getText();
          further.add(new Query(query.ecosystem(), query.name(), query.version(), page));
        }
      }
    }
  }

  private URI at(String path) {
    String address = base.toString();
    return URI.create(
        (address.endsWith("/") ? address.substring(0, address.length() - 1) : address) + path);
  }

  private CompletableFuture<byte[]> send(HttpRequest.Builder request) {
    return client
        .sendAsync(request.timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofInputStream())
        .thenApplyAsync(OsvApi::body)
        .orTimeout(DEADLINE.toSeconds() * 2, TimeUnit.SECONDS);
  }

  private static byte[] body(HttpResponse<InputStream> response) {
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw new IllegalStateException("answers " + response.statusCode());
      }
      byte[] body = in.readNBytes(LARGEST_ANSWER + 1);
      if (body.length > LARGEST_ANSWER) {
        throw new IllegalStateException("answers with too much");
      }
      return body;
    } catch (IOException e) {
      throw new IllegalStateException("breaks off", e);
    }
  }

  private static byte[] await(CompletableFuture<byte[]> answer) throws Unavailable {
    try {
      return answer.get(DEADLINE.toSeconds() * 3, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while OSV's API was asked");
    } catch (TimeoutException e) {
      throw new Unavailable("OSV's API does not answer in time");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new Unavailable(
          "OSV's API "
              + (cause instanceof IllegalStateException
                  ? cause.getMessage()
                  : "can't be reached: " + (cause == null ? e : cause).getClass().getSimpleName()));
    }
  }
}
