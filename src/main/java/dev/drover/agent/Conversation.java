package dev.drover.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks with a warm process on a thread of its own: writing a large request and waiting for the
 * answer block it, and an answer is told the moment it comes. The thread ends with the process, or
 * when the conversation is closed.
 */
final class Conversation {
  private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

  private final OutputStream requests;
  private final InputStream answers;
  private final byte[] buffer = new byte[16 << 10];
  private final BlockingQueue<Runnable> steps = new LinkedBlockingQueue<>();
  private boolean closed;

  /** What came of a request. */
  sealed interface Reply {
    /** A line without its end. */
    final class Line implements Reply {
      private final byte[] bytes;
      private final boolean more;

      Line(byte[] bytes, boolean more) {
        this.bytes = bytes;
        this.more = more;
      }

      byte[] bytes() {
        return bytes;
      }

      /** Whether there came more than the line. */
      boolean more() {
        return more;
      }
    }

    /** The line would be longer than it may. */
    record TooLong() implements Reply {}

    /** The request could not be written to its end: nobody has begun with it. */
    record Unread() implements Reply {}

    /** No answer, and none will come. */
    record Silence() implements Reply {}
  }

  private Conversation(Process process) {
    this.requests = process.getOutputStream();
    this.answers = process.getInputStream();
  }

  /** Begins, on a thread of that name. */
  static Conversation with(Process process, String name) {
    Conversation conversation = new Conversation(process);
    Thread thread = new Thread(conversation::run, name);
    thread.setDaemon(true);
    thread.start();
    return conversation;
  }

  /**
   * Asks once more; nothing may be asked before the reply to what was asked before.
   *
   * @param request a line with its end
   * @param longest bytes of the answer's line
   * @param told gets the reply, on the conversation's thread
   */
  void ask(byte[] request, long longest, Consumer<Reply> told) {
    steps.add(() -> told.accept(exchange(request, longest)));
  }

  /** Ends the process's stdin: a warm process ends with it. */
  void close() {
    steps.add(
        () -> {
          closed = true;
          try {
            requests.close();
          } catch (IOException e) {
            LOG.atDebug().setCause(e).log("The stdin of a warm agent could not be closed");
          }
        });
  }

  private void run() {
    try {
      while (!closed) {
        steps.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Reply exchange(byte[] request, long longest) {
    try {
      requests.write(request);
      requests.flush();
    } catch (IOException e) {
      return new Reply.Unread();
    }
    try {
      return read(longest);
    } catch (IOException e) {
      return new Reply.Silence(); // the process has ended, and its pipes were closed
    }
  }

  private Reply read(long longest) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int count = answers.read(buffer);
      if (count < 0) {
        return new Reply.Silence();
      }
      int end = lineEnd(count);
      line.write(buffer, 0, end);
      if (line.size() > longest) {
        return new Reply.TooLong();
      } else if (end < count) {
        return new Reply.Line(line.toByteArray(), end + 1 < count);
      }
    }
  }

  private int lineEnd(int count) {
    for (int i = 0; i < count; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return count;
  }
}
