package dev.drover.workflow;

import dev.drover.name.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who reads: a part of a node, or of the workflow as a whole. It decides what can be seen.
 *
 * @param node the node whose part it is
 * @param roots the first words of what it sees
 * @param seesItself whether it may read its own node
 */
record Reader(Optional<String> node, List<String> roots, boolean seesItself) {
  /** The outputs of a run, which see every node. */
  static final Reader OUTPUTS = new Reader(Optional.empty(), CelLanguage.ROOTS, false);

  /** What is computed before there is a run. */
  static final Reader BEFORE_THE_RUN =
      new Reader(Optional.empty(), List.of("trigger", "inputs", "project"), false);

  Reader {
    roots = List.copyOf(roots);
  }

  /** A part of a node that is computed once for the node. */
  static Reader of(NodeId node) {
    return new Reader(Optional.of(node.value()), CelLanguage.ROOTS, false);
  }

  /** The same, computed for each item of the node. */
  Reader withItem() {
    List<String> more = new ArrayList<>(roots);
    more.addAll(CelLanguage.ITEM_ROOTS);
    return new Reader(node, more, seesItself);
  }

  /** The same, computed when the node has succeeded. */
  Reader afterwards() {
    return new Reader(node, roots, true);
  }
}
