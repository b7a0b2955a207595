package dev.drover.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.drover.agent.AgentRuntime;
import dev.drover.server.Settings.RuntimeChoice;
import dev.drover.server.StandaloneAgents;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.LoggerFactory;

/**
 * A runtime for the time of one command. Whatever ends the command, Ctrl-C too, ends its agents.
 * What libraries log goes to stderr: stdout is the command's output.
 */
record LocalRuntime(AgentRuntime runtime, ExecutorService executor, Thread atEnd)
    implements AutoCloseable {
  private static final int ATTEMPTS = 2;

  /**
   * Opens it.
   *
   * @throws IllegalStateException if it can't be had here; the message says why
   */
  static LocalRuntime open(RuntimeChoice choice, List<Path> mountRoots) {
    logToStderr();
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      List<Path> roots = mountRoots.isEmpty() ? List.of(Path.of("").toAbsolutePath()) : mountRoots;
      AgentRuntime runtime = StandaloneAgents.open(choice, roots, ATTEMPTS, executor);
      Thread atEnd = new Thread(runtime::close, "end of the agents");
      Runtime.getRuntime().addShutdownHook(atEnd);
      return new LocalRuntime(runtime, executor, atEnd);
    } catch (IllegalStateException e) {
      executor.shutdownNow();
      throw e;
    }
  }

  private static void logToStderr() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      PatternLayoutEncoder lines = new PatternLayoutEncoder();
      lines.setContext(context);
      lines.setPattern("%level: %msg %kvp%n");
      lines.start();
      ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
      stderr.setContext(context);
      stderr.setTarget("System.err");
      stderr.setEncoder(lines);
      stderr.start();
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      root.setLevel(Level.WARN);
      root.addAppender(stderr);
    }
  }

  @Override
  public void close() {
    runtime.close();
    executor.shutdownNow();
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException e) {
      // the process is ending already, and the hook has run
    }
  }
}
