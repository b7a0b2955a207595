package dev.drover.agents.securityscanner;

/** What a reader of the report needs to know about the rule behind a finding. */
record RuleInfo(String id, Severity severity, String description, String remedy) {}
