package dev.drover.api;

import dev.drover.alert.AlertIntake;
import dev.drover.alert.AlertOutcome;
import dev.drover.alert.AlertReception;
import dev.drover.alert.AlertStore;
import dev.drover.alert.Delivery;
import dev.drover.alert.Episode;
import dev.drover.alert.EpisodeState;
import dev.drover.alert.IntakeListener;
import dev.drover.alert.IntakeResult;
import dev.drover.alert.Overloaded;
import dev.drover.alert.RejectedBody;
import dev.drover.alert.UnknownProject;
import dev.drover.run.RunDispatcher;
import dev.drover.run.RunRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Alerts: Alertmanager's deliveries in, and what became of them. */
final class AlertsApi {
  private final AlertReception reception;
  private final AlertIntake intake;
  private final AlertStore store;
  private final RunDispatcher dispatcher;
  private final IntakeListener listener;

  AlertsApi(ApiRoutes.Intake alerts, RunDispatcher dispatcher) {
    this.reception = alerts.reception();
    this.intake = alerts.intake();
    this.store = alerts.store();
    this.dispatcher = dispatcher;
    this.listener = alerts.listener();
  }

  /**
   * {@code POST /api/webhooks/alertmanager[/{project}]}: 202 if there is work now or later, else
   * 200.
   */
  Answer receive(Request request) {
    if (!request.isJson()) {
      throw new ApiProblem(
          415, "Unsupported media type", "send the alerts as Content-Type: application/json");
    }
    try {
      long received = System.nanoTime();
      IntakeResult result = reception.receive(request.project(), "alertmanager", request.body());
      tell(result, Duration.ofNanos(System.nanoTime() - received));
      if (result.hasQueuedWork()) {
        dispatcher.wake();
      }
      return Answer.json(result.hasQueuedWork() ? 202 : 200, json(result));
    } catch (RejectedBody e) {
      throw ApiProblem.badRequest(String.valueOf(e.getMessage()));
    } catch (UnknownProject e) {
      throw ApiProblem.notFound(String.valueOf(e.getMessage()));
    } catch (Overloaded e) {
      throw ApiProblem.unavailable(String.valueOf(e.getMessage()));
    }
  }

  private void tell(IntakeResult result, Duration took) {
    listener.heard(result);
    boolean spooled = result.outcomes().containsKey(AlertOutcome.SPOOLED);
    listener.answered(
        Optional.of(result.project()),
        spooled ? IntakeListener.Answer.SPOOLED : IntakeListener.Answer.STORED);
    listener.took(result.project(), took);
  }

  /** {@code GET /api/alerts}: episodes, newest first. */
  Answer episodes(Request request) {
    int limit = request.limit(50, 500);
    EpisodeState state = request.query("state").map(AlertsApi::state).orElse(null);
    UUID after = request.query("after").map(AlertsApi::uuid).orElse(null);
    List<Episode> found = store.episodes(request.project(), state, limit + 1, after);
    return Page.of(found, limit, Episode::toJson, episode -> episode.id().toString());
  }

  /** {@code GET /api/deliveries}: what was received, newest first. */
  Answer deliveries(Request request) {
    int limit = request.limit(50, 500);
    AlertStore.DeliveryFilter filter =
        request.query("show").map(AlertsApi::filter).orElse(AlertStore.DeliveryFilter.ALL);
    UUID after = request.query("after").map(AlertsApi::uuid).orElse(null);
    List<Delivery> found = store.deliveries(request.project(), filter, limit + 1, after);
    return Page.of(found, limit, Delivery::toJson, delivery -> delivery.id().toString());
  }

  /** {@code POST /api/deliveries/{id}/replay}: matches again what no workflow wanted. */
  Answer replay(Request request) {
    UUID id = uuid(request.path("id"));
    IntakeResult result =
        intake
            .replay(request.project(), id)
            .orElseThrow(() -> ApiProblem.notFound("there is no delivery " + id));
    if (result.hasQueuedWork()) {
      dispatcher.wake();
    }
    return Answer.json(result.hasQueuedWork() ? 202 : 200, json(result));
  }

  private static Map<String, Object> json(IntakeResult result) {
    Map<String, Object> outcomes = new LinkedHashMap<>();
    result.outcomes().forEach((outcome, n) -> outcomes.put(outcome.word(), n));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("delivery", result.delivery().toString());
    json.put("outcomes", outcomes);
    json.put("runs", result.runs().stream().map(AlertsApi::run).toList());
    json.put("refused", result.refused().stream().map(r -> r.toJson()).toList());
    return json;
  }

  private static Map<String, Object> run(RunRequest run) {
    return Map.of("id", run.id().toString(), "workflow", run.workflow().value());
  }

  private static EpisodeState state(String text) {
    try {
      return EpisodeState.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest(
          "state must be one of " + List.of(EpisodeState.values()) + ", not " + text);
    }
  }

  private static AlertStore.DeliveryFilter filter(String text) {
    try {
      return AlertStore.DeliveryFilter.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest("show must be one of all, unmatched, unreadable, not " + text);
    }
  }

  private static UUID uuid(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw ApiProblem.badRequest("not an id: " + text);
    }
  }
}
