package dev.drover.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import java.io.IOException;

/** JSON has no NaN and no infinities; written as strings they would come back as other values. */
final class FiniteNumbers extends JsonSerializer<Double> {
  @Override
  public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    if (!Double.isFinite(value)) {
      provider.reportMappingProblem("%s is not a JSON number", value);
    }
    out.writeNumber(value);
  }
}
