package dev.drover.artifact;

import dev.drover.name.ProjectName;
import dev.drover.run.NodeItem;
import dev.drover.run.RunId;
import java.time.Instant;
import java.util.UUID;

/**
 * A file that an attempt has left.
 *
 * @param attempt the number of the attempt at the node
 * @param name its path in the folder in which the attempt left it; what the agent chose
 * @param mediaType as the agent says
 * @param sha256 of its content, in hexadecimal
 */
public record Artifact(
    UUID id,
    ProjectName project,
    RunId run,
    NodeItem node,
    int attempt,
    String name,
    String mediaType,
    long size,
    String sha256,
    Instant createdAt) {}
