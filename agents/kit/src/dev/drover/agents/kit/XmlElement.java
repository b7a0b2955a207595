package dev.drover.agents.kit;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * An element of an XML document that knows where its text is, so that one value can be looked up,
 * reported with its line, or replaced, and everything else stays as its author wrote it.
 */
public final class XmlElement {
  /** A text in more pieces than this is none that anybody asks for. */
  private static final int LONGEST = 10_000;

  private final String name;
  private final int start;
  // Most elements have either children or text, and there may be a great many.
  private List<XmlElement> children = List.of();
  private String text = "";
  private int textStart = -1;
  private int textEnd = -1;
  private int runs;

  XmlElement(String name, int start) {
    this.name = name;
    this.start = start;
  }

  void add(XmlElement child) {
    if (children.isEmpty()) {
      children = new ArrayList<>(4);
    }
    children.add(child);
  }

  /** A run of characters as they are in the document; blank ones are layout. */
  void add(String run, String decoded, int at) {
    if (run.isBlank()) {
      return;
    }
    runs++;
    if (text.length() <= LONGEST) {
      text += decoded.strip();
    }
    textStart = at + run.length() - run.stripLeading().length();
    textEnd = textStart + run.strip().length();
  }

  /** The name without its prefix. */
  public String name() {
    return name;
  }

  /** Offset of the start tag. */
  public int start() {
    return start;
  }

  /** In the order of the document. */
  public List<XmlElement> children() {
    return Collections.unmodifiableList(children);
  }

  /** Those with this name. */
  public List<XmlElement> children(String childName) {
    return children.stream().filter(child -> child.name.equals(childName)).toList();
  }

  /** The first with this name. */
  public Optional<XmlElement> child(String childName) {
    return children.stream().filter(child -> child.name.equals(childName)).findFirst();
  }

  /** The elements at the end of a path of names. */
  public List<XmlElement> at(String... path) {
    List<XmlElement> here = List.of(this);
    for (String step : path) {
      here = here.stream().flatMap(element -> element.children(step).stream()).toList();
    }
    return here;
  }

  /** The text without the blanks around it; empty if there is none. */
  public String text() {
    return text;
  }

  /** The text of the first child with this name; empty if there is none. */
  public String textOf(String childName) {
    return child(childName).map(XmlElement::text).orElse("");
  }

  /** Whether the text is one piece, so that {@link #textStart} and {@link #textEnd} hold it. */
  public boolean isOnePiece() {
    return runs == 1;
  }

  /** Offset of the first character of the text that is not blank. */
  public int textStart() {
    return textStart;
  }

  /** Offset behind the last character of the text that is not blank. */
  public int textEnd() {
    return textEnd;
  }
}
