package dev.drover.agents.securityscanner;

/**
 * The part of SARIF 2.1.0 that the scanner writes, as a JSON Schema: written down from the
 * specification, with what it demands and with the names that it knows at each place.
 */
final class SarifSchema {
  static final String TEXT =
      """
      {"$schema": "https://json-schema.org/draft/2020-12/schema",
       "type": "object", "additionalProperties": false, "required": ["version", "runs"],
       "properties": {
         "$schema": {"type": "string", "format": "uri"},
         "version": {"const": "2.1.0"},
         "runs": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/run"}}},
       "$defs": {
         "run": {"type": "object", "additionalProperties": false, "required": ["tool"],
           "properties": {
             "tool": {"type": "object", "additionalProperties": false, "required": ["driver"],
               "properties": {"driver": {"$ref": "#/$defs/toolComponent"}}},
             "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
             "invocations": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/$defs/invocation"}},
             "results": {"type": "array", "items": {"$ref": "#/$defs/result"}}}},
         "toolComponent": {"type": "object", "additionalProperties": false, "required": ["name"],
           "properties": {
             "name": {"type": "string"},
             "rules": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/$defs/rule"}}}},
         "rule": {"type": "object", "additionalProperties": false, "required": ["id"],
           "properties": {
             "id": {"type": "string"},
             "shortDescription": {"$ref": "#/$defs/text"},
             "help": {"$ref": "#/$defs/text"},
             "helpUri": {"type": "string", "format": "uri", "pattern": "^https://"},
             "defaultConfiguration": {"type": "object", "additionalProperties": false,
               "properties": {"level": {"$ref": "#/$defs/level"}}},
             "properties": {"type": "object",
               "properties": {"tags": {"type": "array", "uniqueItems": true, "items": {"type": "string"}},
                 "security-severity": {"type": "string", "pattern": "^(10|[0-9])\\\\.[0-9]$"}}}}},
         "invocation": {"type": "object", "additionalProperties": false, "required": ["executionSuccessful"],
           "properties": {
             "executionSuccessful": {"type": "boolean"},
             "toolExecutionNotifications": {"type": "array", "items": {
               "type": "object", "additionalProperties": false, "required": ["message"],
               "properties": {"level": {"$ref": "#/$defs/level"}, "message": {"$ref": "#/$defs/text"},
                 "locations": {"$ref": "#/$defs/locations"}}}}}},
         "result": {"type": "object", "additionalProperties": false, "required": ["message"],
           "properties": {
             "ruleId": {"type": "string"},
             "ruleIndex": {"type": "integer", "minimum": -1},
             "level": {"$ref": "#/$defs/level"},
             "message": {"$ref": "#/$defs/text"},
             "locations": {"$ref": "#/$defs/locations"},
             "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}}}},
         "locations": {"type": "array", "items": {
           "type": "object", "additionalProperties": false,
           "properties": {"physicalLocation": {
             "type": "object", "additionalProperties": false,
             "properties": {
               "artifactLocation": {"type": "object", "additionalProperties": false,
                 "properties": {"uri": {"type": "string", "format": "uri-reference",
                     "pattern": "^([A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"},
                   "uriBaseId": {"type": "string"}}},
               "region": {"type": "object", "additionalProperties": false,
                 "properties": {"startLine": {"type": "integer", "minimum": 1},
                   "startColumn": {"type": "integer", "minimum": 1}}}}}}}},
         "level": {"enum": ["none", "note", "warning", "error"]},
         "text": {"type": "object", "additionalProperties": false, "required": ["text"],
           "properties": {"text": {"type": "string", "minLength": 1}}}}}
      """;

  private SarifSchema() {}
}
