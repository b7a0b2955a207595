package dev.drover.agent;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pipe that a process writes to, read without ever waiting. Used by one thread at a time. */
final class Pipe {
  private static final Logger LOG = LoggerFactory.getLogger(Pipe.class);

  private final InputStream stream;
  private long bytesRead;

  Pipe(InputStream stream) {
    this.stream = stream;
  }

  /** How many bytes are there. */
  int available() {
    try {
      return stream.available();
    } catch (IOException e) {
      return 0; // the pipe has been closed
    }
  }

  /** Reads what is there, at most so much. */
  int read(byte[] buffer, long most) {
    try {
      int count = (int) Math.min(Math.min(stream.available(), buffer.length), most);
      int read = count <= 0 ? 0 : Math.max(0, stream.read(buffer, 0, count));
      bytesRead += read;
      return read;
    } catch (IOException e) {
      return 0; // the pipe has been closed
    }
  }

  /** Reads and forgets what is there now. */
  int drop() {
    int there = available();
    byte[] scratch = new byte[Math.min(there, 8 << 10)];
    int dropped = 0;
    for (int count = 1; count > 0 && dropped < there; dropped += count) {
      count = read(scratch, there - dropped);
    }
    return dropped;
  }

  /** What was read so far. */
  long bytesRead() {
    return bytesRead;
  }

  void close() {
    try {
      stream.close();
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("A pipe of an agent could not be closed");
    }
  }
}
