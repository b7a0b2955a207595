package dev.drover.api;

import dev.drover.alert.IntakeListener;
import dev.drover.name.ProjectName;
import dev.drover.security.Access;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * What every API request passes before anything of it is interpreted: is the server ready, may the
 * caller call, is there such a project, is there room for the body.
 */
public final class Gate implements Filter {
  /**
   * Bodies that are too long are read to their end, up to this many times the limit, and refused.
   */
  private static final int DRAIN_FACTOR = 8;

  private static final int PERMIT_BYTES = 64 << 10;
  private static final long WAIT_FOR_ROOM_MILLIS = 2_000;

  /** With three seconds of waiting for the database the answer comes within five all the same. */
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final String BODY = Gate.class.getName() + ".body";
  private static final String PROJECT = Gate.class.getName() + ".project";
  private static final String USER = Gate.class.getName() + ".user";
  private static final String ROOM = Gate.class.getName() + ".room";
  private static final String ADMITTED = Gate.class.getName() + ".admitted";
  private static final String ALERTS = "/api/webhooks/alertmanager";
  private static final String WEBHOOK = ALERTS + "/";
  private static final String FILES = "/api/artifacts/";

  private final Access access;
  private final Predicate<ProjectName> projects;
  private final BooleanSupplier ready;
  private final int maxBody;
  private final IntakeListener listener;
  private final Semaphore room;

  /**
   * @param projects tells which projects exist
   * @param ready tells whether the server can take requests yet
   * @param maxBody bytes that a body may have
   * @param listener hears of every alert notification that is refused, whoever refuses it
   */
  public Gate(
      Access access,
      Predicate<ProjectName> projects,
      BooleanSupplier ready,
      int maxBody,
      IntakeListener listener) {
    this.access = access;
    this.projects = projects;
    this.ready = ready;
    this.maxBody = maxBody;
    this.listener = listener;
    this.room = new Semaphore(Math.max(4 * (maxBody / PERMIT_BYTES), 64), true);
  }

  static byte[] bodyOf(HttpServletRequest request) {
    return request.getAttribute(BODY) instanceof byte[] body ? body : new byte[0];
  }

  static ProjectName projectOf(HttpServletRequest request) {
    return request.getAttribute(PROJECT) instanceof ProjectName name ? name : ProjectName.DEFAULT;
  }

  /** The user whose credential was presented; empty for tokens, and where none is asked for. */
  static Optional<String> userOf(HttpServletRequest request) {
    return request.getAttribute(USER) instanceof String user ? Optional.of(user) : Optional.empty();
  }

  /**
   * To be called when a request's body is no longer needed. Its room is not kept until the answer
   * is sent: that takes a thread, and all threads may be waiting for room.
   */
  static void bodyIsDone(HttpServletRequest request) {
    request.removeAttribute(BODY);
    if (request.getAttribute(ROOM) instanceof Release held) {
      held.run();
    }
  }

  /** Whether an admitted request has waited so long since that it had better come again. */
  static boolean isStale(HttpServletRequest request) {
    return request.getAttribute(ADMITTED) instanceof Long at
        && System.nanoTime() - at > STALE_NANOS;
  }

  @Override
  public void doFilter(ServletRequest plain, ServletResponse reply, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) plain;
    HttpServletResponse response = (HttpServletResponse) reply;
    try {
      ProjectName project = admit(request);
      request.setAttribute(PROJECT, project);
      takeBody(request, response, chain);
    } catch (ApiProblem problem) {
      drain(request.getInputStream());
      refuse(response, problem);
      countRefused(request, response);
    }
  }

  private void countRefused(HttpServletRequest request, HttpServletResponse response) {
    if (response.getStatus() >= 400
        && request.getMethod().equals("POST")
        && (request.getRequestURI() + "/").startsWith(WEBHOOK)) {
      listener.answered(
          Optional.ofNullable(request.getAttribute(PROJECT)).map(ProjectName.class::cast),
          response.getStatus() == 503
              ? IntakeListener.Answer.OVERLOADED
              : IntakeListener.Answer.REJECTED);
    }
  }

  private ProjectName admit(HttpServletRequest request) {
    if (!ready.getAsBoolean()) {
      throw ApiProblem.unavailable("the server is starting; try again");
    }
    refuseStrangers(request);
    String name = projectName(request);
    // An invalid name is judged as the default project: who may not call learns nothing from it.
    ProjectName project = ProjectName.isValid(name) ? new ProjectName(name) : ProjectName.DEFAULT;
    String authorization = request.getHeader("Authorization");
    switch (access.judge(authorization, project)) {
      case UNAUTHENTICATED ->
          throw new ApiProblem(401, "Unauthorized", "a valid credential is needed");
      case FORBIDDEN ->
          throw new ApiProblem(403, "Forbidden", "this credential is of another project");
      case ALLOWED -> {}
    }
    access.user(authorization).ifPresent(user -> request.setAttribute(USER, user));
    if (!ProjectName.isValid(name) || !projects.test(project)) {
      throw ApiProblem.notFound(
          "there is no project of that name; projects are listed in the setting drover.projects");
    }
    return project;
  }

  /** Browsers can be made to call by any page, and send along the password that they know. */
  private void refuseStrangers(HttpServletRequest request) {
    if (!access.isRequired() && !BrowserRules.isLoopbackHost(request)) {
      throw new ApiProblem(
          403,
          "Forbidden",
          "a server that asks no credential is called by a loopback name, such as localhost:"
              + " else set DROVER_AUTH_TOKEN");
    }
    String authorization = request.getHeader("Authorization");
    boolean byBrowser = authorization != null && authorization.startsWith("Basic ");
    boolean foreign =
        access.isRequired()
            ? byBrowser && BrowserRules.isCrossSite(request)
            : BrowserRules.isForeign(request);
    if (foreign && !BrowserRules.isNavigation(request)) {
      throw new ApiProblem(403, "Forbidden", "pages of other sites may not call this server");
    }
  }

  /** From the webhook's path, else from {@code ?project=}, else the default. */
  private static String projectName(HttpServletRequest request) {
    String uri = request.getRequestURI();
    if (uri.startsWith(WEBHOOK) && uri.length() > WEBHOOK.length()) {
      return uri.substring(WEBHOOK.length());
    }
    String query = request.getQueryString();
    for (String part : query == null ? new String[0] : query.split("&")) {
      if (part.startsWith("project=")) {
        return part.substring("project=".length());
      }
    }
    return ProjectName.DEFAULT.value();
  }

  private void takeBody(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    long announced = request.getContentLengthLong();
    if (announced > maxBody) {
      throw tooLarge();
    }
    int permits = permits(announced < 0 ? unannounced(request) : announced);
    if (!acquire(permits)) {
      throw ApiProblem.unavailable("too many requests are being read; try again");
    }
    Release held = new Release(() -> room.release(permits));
    boolean handedOn = false;
    try {
      byte[] body = request.getInputStream().readNBytes(maxBody + 1);
      if (body.length > maxBody) {
        throw tooLarge();
      }
      request.setAttribute(BODY, body);
      request.setAttribute(ROOM, held);
      request.setAttribute(ADMITTED, System.nanoTime());
      handOn(request, response, chain);
      if (request.isAsyncStarted()) {
        if (request.getRequestURI().startsWith(FILES)) {
          request
              .getAsyncContext()
              .setTimeout(0); // a large file may take long: each write is timed
        }
        request.getAsyncContext().addListener(held);
        request.getAsyncContext().addListener(new Release(() -> countRefused(request, response)));
        handedOn = true;
      }
    } finally {
      if (!handedOn) {
        held.run();
      }
    }
  }

  private static void handOn(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    try {
      chain.doFilter(new EmptyBodyRequest(request), response);
    } catch (ServletException e) {
      if (e.getRootCause() instanceof RejectedExecutionException) {
        throw ApiProblem.unavailable("too many requests are waiting; try again");
      }
      throw e;
    }
  }

  /** In HTTP/1 a body comes with its length or in chunks, or there is none. */
  private long unannounced(HttpServletRequest request) {
    return request.getHeader("Transfer-Encoding") == null ? 0 : maxBody;
  }

  private ApiProblem tooLarge() {
    return new ApiProblem(413, "Content too large", "the body has more than " + maxBody + " bytes");
  }

  private static int permits(long bytes) {
    return (int) (bytes / PERMIT_BYTES) + 1;
  }

  private boolean acquire(int permits) {
    try {
      return room.tryAcquire(permits, WAIT_FOR_ROOM_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A sender that is refused before its body was read sees a broken connection, and retries. */
  private void drain(InputStream in) throws IOException {
    byte[] sink = new byte[64 << 10];
    long left = (long) maxBody * DRAIN_FACTOR;
    while (left > 0) {
      int n = in.read(sink, 0, (int) Math.min(sink.length, left));
      if (n < 0) {
        return;
      }
      left -= n;
    }
  }

  private static void refuse(HttpServletResponse response, ApiProblem problem) throws IOException {
    Answer answer = Answer.problem(problem);
    response.setStatus(answer.status());
    response.setContentType(answer.contentType());
    if (problem.status() == 503) {
      response.setHeader("Retry-After", "1");
    }
    if (problem.status() == 401) {
      // In two headers: of several challenges in one, browsers do not find theirs.
      response.addHeader("WWW-Authenticate", "Basic realm=\"drover\", charset=\"UTF-8\"");
      response.addHeader("WWW-Authenticate", "Bearer");
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setContentLength(bytes.length);
    try (OutputStream out = response.getOutputStream()) {
      out.write(bytes);
    }
  }
}
