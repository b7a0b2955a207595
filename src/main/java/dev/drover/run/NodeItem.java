package dev.drover.run;

import dev.drover.name.NodeId;

/**
 * What one execution of a node is about: the node itself, one item of its {@code forEach}, or the
 * undoing of either. The node is always the one that the author wrote.
 *
 * @param item empty: the node itself; a number: that item; {@code undo} or {@code <number>/undo}:
 *     the undoing
 */
public record NodeItem(NodeId node, String item) implements Comparable<NodeItem> {
  private static final String UNDO = "undo";

  /** The node itself. */
  public static NodeItem of(NodeId node) {
    return new NodeItem(node, "");
  }

  /** One item of its {@code forEach}, counted from 0. */
  public static NodeItem of(NodeId node, int index) {
    return new NodeItem(node, Integer.toString(index));
  }

  /** The undoing of it. */
  public NodeItem undo() {
    return new NodeItem(node, item.isEmpty() ? UNDO : item + "/" + UNDO);
  }

  /** What it undoes; itself if it undoes nothing. */
  public NodeItem undone() {
    return isUndo() ? new NodeItem(node, item.replaceFirst("/?" + UNDO + "$", "")) : this;
  }

  /** Whether it is the node itself. */
  public boolean isWhole() {
    return item.isEmpty();
  }

  /** Whether it undoes something. */
  public boolean isUndo() {
    return item.endsWith(UNDO);
  }

  /** The same for all attempts, and for nothing else: what an effect may be recognised by. */
  public String idempotencyKey(RunId run) {
    return run + "/" + this;
  }

  @Override
  public int compareTo(NodeItem other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return item.isEmpty() ? node.value() : node + "/" + item;
  }
}
