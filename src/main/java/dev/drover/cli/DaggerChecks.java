package dev.drover.cli;

import dev.drover.agent.dagger.DaggerEngine;
import dev.drover.agent.dagger.SessionSettings;
import dev.drover.agent.dagger.SessionSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out whether containers of a Dagger engine can be had, by opening a session. */
final class DaggerChecks {
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)");

  private static final String INSTALL =
      """
      online:  curl -fsSL https://dl.dagger.io/dagger/install.sh | BIN_DIR=$HOME/.local/bin sh
      offline: from https://github.com/dagger/dagger/releases take dagger_v<version>_linux_amd64.tar.gz,
               carry it here, and unpack it:
               tar -xzf dagger_v<version>_linux_amd64.tar.gz -C /usr/local/bin dagger
               (elsewhere: name it in _EXPERIMENTAL_DAGGER_CLI_BIN)""";

  private static final String ENGINE =
      """
      the CLI starts an engine itself where docker, podman or nerdctl work. Offline, carry its image here:
               docker pull registry.dagger.io/engine:v<version>    (where there is a network)
               docker save -o engine.tar registry.dagger.io/engine:v<version>
               docker load -i engine.tar                           (here)
               docker run -d --name dagger-engine --privileged -v dagger-engine:/var/lib/dagger registry.dagger.io/engine:v<version>
               export _EXPERIMENTAL_DAGGER_RUNNER_HOST=container://dagger-engine
      an engine elsewhere: _EXPERIMENTAL_DAGGER_RUNNER_HOST=tcp://host:port or unix:///run/dagger/engine.sock
      CLI and engine have to be of the same version; see docs/dagger.md""";

  private final SessionSettings settings;

  DaggerChecks(SessionSettings settings) {
    this.settings = settings;
  }

  List<Finding> all() {
    List<Finding> found = new ArrayList<>();
    SessionSource source = SessionSource.find(settings.environment());
    found.add(source(source));
    if (!(source instanceof SessionSource.Missing)) {
      found.add(session());
    }
    return found;
  }

  private static Finding source(SessionSource source) {
    if (source instanceof SessionSource.Missing missing) {
      return Finding.missing("dagger", missing.reason(), INSTALL);
    } else if (source instanceof SessionSource.Running running) {
      String where = SessionSource.PORT + " names a session at port " + running.port();
      return Finding.there("dagger", where);
    }
    String program = ((SessionSource.Cli) source).program().toString();
    return ToolChecks.version(List.of(program, "version"))
        .map(version -> Finding.there("dagger", version + ", " + program))
        .orElse(Finding.missing("dagger", program + " does not tell its version", INSTALL));
  }

  private Finding session() {
    try (DaggerEngine engine = new DaggerEngine(settings)) {
      long most = settings.startLimit().toSeconds() + 10;
      String version = engine.version().get(most, TimeUnit.SECONDS);
      return isTooOld(version)
          ? Finding.missing("dagger engine", version + " is older than v0.18.9", INSTALL)
          : Finding.there("dagger engine", version + ", a session opens");
    } catch (ExecutionException | CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Finding.missing("dagger engine", String.valueOf(cause.getMessage()), ENGINE);
    } catch (TimeoutException e) {
      return Finding.missing("dagger engine", "it does not answer", ENGINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Finding.missing("dagger engine", "interrupted", ENGINE);
    }
  }

  /** Before that, files of the host could not be read anew. */
  private static boolean isTooOld(String version) {
    Matcher parts = VERSION.matcher(version);
    if (!parts.lookingAt()) {
      return false; // a build of somebody's own
    }
    int major = Integer.parseInt(parts.group(1));
    int minor = Integer.parseInt(parts.group(2));
    int patch = Integer.parseInt(parts.group(3));
    return major == 0 && (minor < 18 || (minor == 18 && patch < 9));
  }
}
