package dev.drover.route;

import dev.drover.agent.dagger.ContainerSpec;
import dev.drover.agent.dagger.ContainerSpec.Bounds;
import dev.drover.agent.dagger.ContainerSpec.Image;
import dev.drover.agent.dagger.ContainerSpec.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Run a program in a container of a Dagger engine. */
@UriEndpoint(
    firstVersion = "0.1.0",
    scheme = DaggerComponent.SCHEME,
    title = "Dagger",
    syntax = "dagger:image",
    producerOnly = true,
    category = {Category.CONTAINER},
    headersClass = DaggerEndpoint.class)
public final class DaggerEndpoint extends DefaultEndpoint {
  /** The header with the program's exit code. */
  @Metadata(description = "The program's exit code", javaType = "Integer")
  public static final String EXIT_CODE = "DroverDaggerExitCode";

  /** The header with the milliseconds that it took. */
  @Metadata(description = "Milliseconds from the request to its answer", javaType = "Long")
  public static final String DURATION = "DroverDaggerDuration";

  private static final Pattern WORD =
      Pattern.compile("\"(?<double>[^\"]*)\"|'(?<single>[^']*)'|(?<plain>[^\\s'\"]+)");

  /** Which network the program needs. */
  public enum Reach {
    /** None; refused where the engine's containers have one. */
    NONE,
    /** Whatever the engine's containers reach. */
    ANY
  }

  private final DaggerComponent component;

  @UriPath
  @Metadata(required = true)
  private final String image;

  @UriParam private String args = "";
  @UriParam private Duration timeout = Duration.ofMinutes(5);
  @UriParam private String user = "1000:1000";
  @UriParam private String workdir = "";
  @UriParam private long outputLimit = 1 << 20;
  @UriParam private Reach network = Reach.ANY;
  @UriParam private boolean failOnExitCode = true;

  @UriParam(prefix = "env.", multiValue = true)
  private Map<String, String> env = Map.of();

  @UriParam(prefix = "secret.", multiValue = true)
  private Map<String, String> secret = Map.of();

  DaggerEndpoint(String uri, DaggerComponent component, String image) {
    super(uri, component);
    this.component = component;
    this.image = image;
  }

  @Override
  public Producer createProducer() {
    return new DaggerProducer(this, component);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new UnsupportedOperationException("a container can't be read from");
  }

  /** The container that takes a body. */
  ContainerSpec container(String body) {
    List<String> words = words();
    if (words.isEmpty()) {
      throw new IllegalArgumentException(getEndpointUri() + " has no args: what is to be run?");
    }
    Map<String, String> values = new LinkedHashMap<>();
    secret.forEach((variable, name) -> values.put(variable, value(name)));
    Program program = new Program(words, body, given(user), given(workdir));
    Bounds bounds = new Bounds(timeout, outputLimit, outputLimit, 0);
    return new ContainerSpec(new Image(image), List.of(), env, values, program, bounds);
  }

  private String value(String name) {
    return component
        .secrets()
        .find(name)
        .orElseThrow(() -> new IllegalArgumentException("the secret " + name + " is not known"));
  }

  private static Optional<String> given(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(text);
  }

  /** Words are parted by blanks; quotes keep those within them. */
  private List<String> words() {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(args);
    while (word.find()) {
      String quoted = word.group("double") == null ? word.group("single") : word.group("double");
      words.add(quoted == null ? word.group("plain") : quoted);
    }
    return words;
  }

  /** The image's address in its registry. */
  public String getImage() {
    return image;
  }

  /** The command: words parted by blanks; single or double quotes keep those within them. */
  public String getArgs() {
    return args;
  }

  public void setArgs(String args) {
    this.args = args;
  }

  /** How long the program may take; pulling the image does not count. */
  public Duration getTimeout() {
    return timeout;
  }

  public void setTimeout(Duration timeout) {
    this.timeout = timeout;
  }

  /** Whom the program runs as, {@code user:group}; empty: the image's own user. */
  public String getUser() {
    return user;
  }

  public void setUser(String user) {
    this.user = user;
  }

  /** Where the program runs; empty: the image's own. */
  public String getWorkdir() {
    return workdir;
  }

  public void setWorkdir(String workdir) {
    this.workdir = workdir;
  }

  /** Bytes of stdout beyond which the program is ended. */
  public long getOutputLimit() {
    return outputLimit;
  }

  public void setOutputLimit(long outputLimit) {
    this.outputLimit = outputLimit;
  }

  /** Which network the program needs. */
  public Reach getNetwork() {
    return network;
  }

  public void setNetwork(Reach network) {
    this.network = network;
  }

  /** Whether an exit code other than 0 is an exception. */
  public boolean isFailOnExitCode() {
    return failOnExitCode;
  }

  public void setFailOnExitCode(boolean failOnExitCode) {
    this.failOnExitCode = failOnExitCode;
  }

  /** Variables of the program's environment. */
  public Map<String, String> getEnv() {
    return env;
  }

  public void setEnv(Map<String, String> env) {
    this.env = Map.copyOf(env);
  }

  /** Variables that hold secrets, and the names of these. */
  public Map<String, String> getSecret() {
    return secret;
  }

  public void setSecret(Map<String, String> secret) {
    this.secret = Map.copyOf(secret);
  }
}
