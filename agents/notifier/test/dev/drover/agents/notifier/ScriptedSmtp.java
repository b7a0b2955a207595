package dev.drover.agents.notifier;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A mail server that says what a test tells it to, for what a well-behaved one never does: refuse
 * for now, refuse for ever, fall silent, hang up, or speak TLS with a certificate of the test's
 * choice.
 */
final class ScriptedSmtp implements AutoCloseable {

  static final String SILENCE = "";
  static final String HANG_UP = "hang up";

  final List<String> heard = new CopyOnWriteArrayList<>();

  private final ServerSocket listener;
  private final Map<String, String> replies = new HashMap<>();
  private final SSLContext tls;

  ScriptedSmtp(Map<String, String> told, SSLContext tls) throws IOException {
    this.tls = tls;
    replies.put("GREETING", "220 scripted");
    replies.put(
        "EHLO", tls == null ? "250 scripted" : "250-scripted\r\n250-STARTTLS\r\n250 AUTH PLAIN");
    replies.put("STARTTLS", "220 go on");
    replies.put("AUTH", "235 welcome");
    replies.put("MAIL", "250 ok");
    replies.put("RCPT", "250 ok");
    replies.put("DATA", "354 go on");
    replies.put(".", "250 taken");
    replies.put("QUIT", "221 bye");
    replies.putAll(told);
    listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "scripted-smtp");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        talk(socket, "GREETING");
      } catch (IOException e) {
        // The client went, or the test is over: both are expected here.
        heard.add("(gone)");
      }
    }
  }

  private void talk(Socket socket, String greeting) throws IOException {
    var input =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    if (!greeting.isEmpty() && !say(socket, greeting)) {
      return;
    }
    boolean data = false;
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      heard.add(line);
      if (data && !line.equals(".")) {
        continue;
      }
      String verb = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
      if (!say(socket, verb)) {
        return;
      }
      data = verb.equals("DATA") && replies.get(verb).startsWith("3");
      if (verb.equals("STARTTLS")) {
        talk(encrypted(socket), "");
        return;
      }
    }
  }

  private SSLSocket encrypted(Socket socket) throws IOException {
    SSLSocket encrypted =
        (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
    encrypted.setUseClientMode(false);
    return encrypted;
  }

  private boolean say(Socket socket, String verb) throws IOException {
    String reply = replies.getOrDefault(verb, "502 what?");
    if (reply.equals(HANG_UP)) {
      return false;
    }
    if (!reply.equals(SILENCE)) {
      socket.getOutputStream().write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
