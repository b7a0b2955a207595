package dev.drover.agents.patcher;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was found or will be. The bytes are the truth: whatever text is made of them must
 * give the same bytes again.
 */
final class FileState {
  private final byte[] content;
  private final boolean executable;

  /** The bytes are handed over, and not changed any more. */
  FileState(byte[] content, boolean executable) {
    this.content = content;
    this.executable = executable;
  }

  byte[] content() {
    return content;
  }

  boolean executable() {
    return executable;
  }

  /** A text and how its bytes are made. */
  record Decoded(String text, Charset charset) {
    /** Whether the bytes of another text can be made, too. */
    boolean canHold(String other) {
      return charset.newEncoder().canEncode(other);
    }

    byte[] encode(String other) {
      return other.getBytes(charset);
    }
  }

  /** UTF-8 if that's what it is, else one character a byte: both ways give the same bytes back. */
  Decoded decoded() {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return new Decoded(text, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      return new Decoded(bytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /** One character a byte. */
  String bytes() {
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  /** As git tells them; UTF-16 is one, too. */
  boolean isBinary() {
    for (int i = 0; i < Math.min(content.length, 8000); i++) {
      if (content[i] == 0) {
        return true;
      }
    }
    return false;
  }

  FileState with(byte[] other) {
    return new FileState(other, executable);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileState state
        && executable == state.executable
        && Arrays.equals(content, state.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }
}
