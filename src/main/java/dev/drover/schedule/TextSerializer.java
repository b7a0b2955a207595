package dev.drover.schedule;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the data of timers as text: what is read back may be garbage, but never fails to be read.
 */
final class TextSerializer implements Serializer {
  @Override
  public byte @Nullable [] serialize(@Nullable Object data) {
    return data == null ? null : data.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public <T> T deserialize(Class<T> type, byte @Nullable [] data) {
    return type.cast(data == null ? "" : new String(data, StandardCharsets.UTF_8));
  }
}
