package dev.drover.agents.codereviewer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drover.agents.kit.Call;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a language model behind an endpoint like OpenAI's for further comments. What it says is
 * marked as its own and decides nothing; that it can't be asked is a note in the review.
 */
final class LanguageModel {
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final int MOST_ANSWER = 1 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private final URI endpoint;
  private final String name;
  private final Optional<String> key;
  private final Duration patience;

  private LanguageModel(URI endpoint, String name, Optional<String> key, Duration patience) {
    this.endpoint = endpoint;
    this.name = name;
    this.key = key;
    this.patience = patience;
  }

  /** Why a model that was asked for has nothing to say; for people. */
  static final class Silent extends Exception {
    private static final long serialVersionUID = 1L;

    Silent(String message) {
      super(message);
    }
  }

  /** Whoever reviews with the model, if the environment names one. */
  interface Reviewer {
    void review(List<ChangedFile> files, Review review, Call call);
  }

  static Optional<Reviewer> configured(Map<String, String> environment) {
    String url = environment.getOrDefault("CODE_REVIEWER_LLM_URL", "");
    if (url.isBlank()) {
      return Optional.empty();
    }
    return Optional.of(
        (files, review, call) -> {
          try {
            List<ReviewComment> comments = of(url, environment).ask(files, review.byRules());
            comments.forEach(review::add);
            call.say("the language model has " + comments.size() + " comments");
          } catch (Silent e) {
            review.note("no comments of the language model: " + e.getMessage());
            call.say("no comments of the language model: " + e.getMessage());
          }
        });
  }

  private static LanguageModel of(String url, Map<String, String> environment) throws Silent {
    Optional<String> key =
        Optional.of(environment.getOrDefault("CODE_REVIEWER_LLM_KEY", "").strip())
            .filter(k -> !k.isEmpty());
    if (key.isPresent() && !key.get().matches("[\\x21-\\x7e]+")) {
      throw new Silent("CODE_REVIEWER_LLM_KEY has characters that no key has");
    }
    String name = environment.getOrDefault("CODE_REVIEWER_LLM_MODEL", "");
    if (name.isBlank()) {
      throw new Silent("CODE_REVIEWER_LLM_MODEL is not set");
    }
    String seconds = environment.getOrDefault("CODE_REVIEWER_LLM_TIMEOUT", "60");
    if (!seconds.matches("[1-9][0-9]{0,3}")) {
      throw new Silent("CODE_REVIEWER_LLM_TIMEOUT must be seconds, from 1 to 9999");
    }
    Duration patience = Duration.ofSeconds(Long.parseLong(seconds));
    return new LanguageModel(endpoint(url, key.isPresent()), name, key, patience);
  }

  private static URI endpoint(String url, boolean secret) throws Silent {
    try {
      URI base = URI.create(url.endsWith("/") ? url : url + "/");
      String scheme = String.valueOf(base.getScheme());
      String host = String.valueOf(base.getHost());
      if (base.getHost() == null || !Set.of("http", "https").contains(scheme)) {
        throw new Silent("CODE_REVIEWER_LLM_URL must be like https://host/v1");
      }
      if (secret && scheme.equals("http") && !LOCAL.contains(host)) {
        throw new Silent("the key is sent by https only, and CODE_REVIEWER_LLM_URL is http");
      }
      return base.resolve("chat/completions");
    } catch (IllegalArgumentException e) {
      throw new Silent("CODE_REVIEWER_LLM_URL is no URL");
    }
  }

  private List<ReviewComment> ask(List<ChangedFile> files, List<ReviewComment> known)
      throws Silent {
    ModelPrompt prompt = ModelPrompt.of(files, known);
    if (prompt.isEmpty()) {
      return List.of();
    }
    return ModelAnswer.read(content(send(body(prompt))), files);
  }

  private String body(ModelPrompt prompt) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", name).put("temperature", 0).put("max_tokens", 4000).put("stream", false);
    body.putObject("response_format").put("type", "json_object");
    body.putArray("messages")
        .add(message("system", prompt.rules()))
        .add(message("user", prompt.change()));
    return body.toString();
  }

  private static ObjectNode message(String role, String content) {
    return JsonNodeFactory.instance.objectNode().put("role", role).put("content", content);
  }

  private byte[] send(String body) throws Silent {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint)
            .timeout(patience)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    key.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    CompletableFuture<HttpResponse<InputStream>> answer =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    // The body may stop coming after its beginning has come: the patience is for all of it.
    CompletableFuture<byte[]> bytes = answer.thenApplyAsync(LanguageModel::read);
    try {
      return bytes.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      if (!answer.cancel(true)) {
        abandon(answer.join());
      }
      throw new Silent("no answer within " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new Silent(reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Silent("interrupted");
    }
  }

  /** Ends a body that has begun and doesn't go on: its reader would wait for ever. */
  private static void abandon(HttpResponse<InputStream> response) throws Silent {
    try {
      response.body().close();
    } catch (IOException e) {
      throw new Silent("the answer came to a stop, and its connection broke");
    }
  }

  /** Never the message of a foreign exception: it could hold the address with its password. */
  private static String reason(ExecutionException failure) {
    Throwable cause = failure.getCause();
    while (cause instanceof java.util.concurrent.CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof Unusable unusable) {
      return String.valueOf(unusable.getMessage());
    }
    return "the endpoint can't be reached ("
        + (cause == null ? "unknown" : cause.getClass().getSimpleName())
        + ")";
  }

  /** Carries a reason through a future. */
  private static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String message) {
      super(message);
    }
  }

  private static byte[] read(HttpResponse<InputStream> response) {
    try (InputStream stream = response.body()) {
      if (response.statusCode() != 200) {
        throw new Unusable("the endpoint answers with status " + response.statusCode());
      }
      byte[] bytes = stream.readNBytes(MOST_ANSWER + 1);
      if (bytes.length > MOST_ANSWER) {
        throw new Unusable("the answer is larger than " + (MOST_ANSWER >> 20) + " MiB");
      }
      return bytes;
    } catch (IOException e) {
      throw new Unusable("the answer broke off");
    }
  }

  private static String content(byte[] answer) throws Silent {
    try {
      JsonNode content = JSON.readTree(answer).at("/choices/0/message/content");
      if (content.isTextual()) {
        return content.textValue();
      }
      throw new Silent("the endpoint's answer has no choices[0].message.content");
    } catch (JsonProcessingException e) {
      throw new Silent("the endpoint's answer is not JSON");
    } catch (IOException e) {
      throw new Silent("the endpoint's answer can't be read");
    }
  }
}
