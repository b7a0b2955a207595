package dev.drover.run;

import dev.drover.name.NodeId;

/** Where a token can be: between two nodes, before the first, or behind the last. */
public sealed interface Edge {
  /** To a node that depends on none. */
  record FromStart(NodeId to) implements Edge {}

  /** From a node to one that depends on it. */
  record Between(NodeId from, NodeId to) implements Edge {}

  /** From a node on which none depends. */
  record ToEnd(NodeId from) implements Edge {}
}
