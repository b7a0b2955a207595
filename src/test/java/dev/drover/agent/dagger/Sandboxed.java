package dev.drover.agent.dagger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Executes what a container is told to execute: for real, in bubblewrap, on this host's programs.
 */
final class Sandboxed {
  private static final List<String> SYSTEM =
      List.of("/usr", "/etc/alternatives", "/etc/ld.so.cache", "/etc/java-17-openjdk", "/opt");

  private final Process process;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();

  /** Hears what is written, in pieces. */
  @FunctionalInterface
  interface Pieces {
    void piece(int stream, String text, boolean last);
  }

  /** How it ended. */
  record Ended(int code, String stdout, String stderr) {}

  private Sandboxed(Process process) {
    this.process = process;
  }

  static Sandboxed start(TestContainer container, List<String> args) {
    ProcessBuilder builder = new ProcessBuilder(command(container, args));
    builder.environment().clear();
    builder
        .environment()
        .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().putAll(container.env());
    builder.environment().putAll(container.secrets());
    try {
      return new Sandboxed(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> command(TestContainer container, List<String> args) {
    List<String> command = new ArrayList<>(List.of("bwrap", "--unshare-user", "--unshare-pid"));
    String[] user = (container.user().isEmpty() ? "0:0" : container.user()).split(":", -1);
    command.addAll(List.of("--uid", user[0], "--gid", user[user.length - 1]));
    command.addAll(List.of("--die-with-parent", "--new-session", "--cap-drop", "ALL"));
    if (container.image().equals("scratch-like:1")) {
      for (String path : List.of("/usr/lib", "/usr/lib64", "/usr/bin/cat", "/usr/bin/sleep")) {
        bind(command, Path.of(path));
      }
    } else {
      SYSTEM.forEach(path -> bind(command, Path.of(path)));
      command.addAll(List.of("--symlink", "usr/bin", "/bin", "--symlink", "usr/sbin", "/sbin"));
    }
    if (container.image().equals("plain-shell:1")) {
      for (String tool : List.of("timeout", "prlimit", "head")) {
        command.addAll(List.of("--ro-bind", "/dev/null", "/usr/bin/" + tool));
      }
    }
    command.addAll(List.of("--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64"));
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"));
    container
        .mounts()
        .forEach((at, node) -> command.addAll(List.of("--bind", node.copy().toString(), at)));
    command.addAll(List.of("--chdir", container.workdir(), "--"));
    command.addAll(args);
    return command;
  }

  private static void bind(List<String> command, Path path) {
    if (Files.exists(path)) {
      command.addAll(List.of("--ro-bind", path.toString(), path.toString()));
    }
  }

  void kill() {
    process.destroyForcibly();
  }

  Ended run(String stdin, Map<String, String> secrets, Pieces pieces) {
    Map<String, String> masked = new TreeMap<>(secrets);
    Thread in = start(() -> feed(stdin));
    Thread out = start(() -> read(process.getInputStream(), 1, stdout, masked, pieces));
    Thread err = start(() -> read(process.getErrorStream(), 2, stderr, masked, pieces));
    try {
      int code = process.waitFor();
      for (Thread thread : List.of(in, out, err)) {
        thread.join();
      }
      // An engine's init says it in these words, and ends with 1 too.
      String said =
          mask(stderr, masked)
              .replaceAll(
                  "bwrap: execvp (.*): No such file or directory",
                  "exec: \"$1\": executable file not found in \\$PATH");
      return new Ended(code, mask(stdout, masked), said);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "engine-stdio");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void feed(String stdin) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(stdin.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // it does not read its input
    }
  }

  private static void read(
      InputStream pipe,
      int stream,
      ByteArrayOutputStream all,
      Map<String, String> secrets,
      Pieces pieces) {
    byte[] buffer = new byte[32 << 10];
    try {
      for (int count = pipe.read(buffer); count >= 0; count = pipe.read(buffer)) {
        all.write(buffer, 0, count);
        String text = new String(buffer, 0, count, StandardCharsets.UTF_8);
        pieces.piece(stream, mask(text, secrets), false);
      }
    } catch (IOException e) {
      // killed
    }
    pieces.piece(stream, "", true);
  }

  private static String mask(ByteArrayOutputStream bytes, Map<String, String> secrets) {
    return mask(bytes.toString(StandardCharsets.UTF_8), secrets);
  }

  private static String mask(String text, Map<String, String> secrets) {
    String masked = text;
    for (String secret : secrets.values()) {
      masked = masked.replace(secret, "***");
    }
    return masked;
  }
}
