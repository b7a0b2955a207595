package dev.drover.agents.notifier;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is to be told, whatever the channel. Fields are scalars and keep the order in which they
 * were given.
 */
record Message(String title, String text, Severity severity, Map<String, JsonNode> fields) {

  Message {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }
}
