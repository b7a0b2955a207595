package dev.drover.agents.kit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads XML from untrusted files into {@link XmlElement}s. There are no entities but the five of
 * XML itself, and no document types, so nothing can be fetched or blown up; the JDK's parsers tell
 * lines, but no offsets to rely on.
 */
public final class XmlDocument {
  private static final int MOST_DEPTH = 200;

  private final String document;
  private final Deque<XmlElement> open = new ArrayDeque<>();
  private @Nullable XmlElement root;
  private int at;

  private XmlDocument(String document) {
    this.document = document;
  }

  /** The text is no XML document that this reader takes; the message says where. */
  public static final class NotXml extends Exception {
    private static final long serialVersionUID = 1L;

    NotXml(String message) {
      super(message);
    }
  }

  /** The document's only top element; offsets are into {@code document}. */
  public static XmlElement parse(String document) throws NotXml {
    return new XmlDocument(document).parse();
  }

  private XmlElement parse() throws NotXml {
    while (at < document.length()) {
      int tag = document.indexOf('<', at);
      int end = tag < 0 ? document.length() : tag;
      text(document.substring(at, end), at, true);
      at = end;
      if (tag >= 0) {
        markup();
      }
    }
    XmlElement found = root;
    if (found == null || !open.isEmpty()) {
      throw wrong(found == null ? "there is no element" : "an element is not closed");
    }
    return found;
  }

  private void markup() throws NotXml {
    if (document.startsWith("<!--", at)) {
      at = after("-->", at + 4);
    } else if (document.startsWith("<![CDATA[", at)) {
      int end = after("]]>", at);
      text(document.substring(at + 9, end - 3), at + 9, false);
      at = end;
    } else if (document.startsWith("<?", at)) {
      at = after("?>", at);
    } else if (document.startsWith("<!", at)) {
      throw wrong("document types are not taken");
    } else if (document.startsWith("</", at)) {
      int end = after(">", at);
      String name = local(document.substring(at + 2, end - 1).strip());
      if (open.isEmpty() || !open.pop().name().equals(name)) {
        throw wrong("an end tag fits no start tag");
      }
      at = end;
    } else {
      startTag();
    }
  }

  private void startTag() throws NotXml {
    int start = at;
    int end = tagEnd();
    boolean empty = document.charAt(end - 1) == '/';
    String inner = document.substring(start + 1, empty ? end - 1 : end);
    int space = 0;
    while (space < inner.length() && !Character.isWhitespace(inner.charAt(space))) {
      space++;
    }
    XmlElement element = new XmlElement(local(inner.substring(0, space)), start);
    XmlElement parent = open.peek();
    if (parent != null) {
      parent.add(element);
    } else if (root == null) {
      root = element;
    } else {
      throw wrong("there is more than one top element");
    }
    if (!empty) {
      open.push(element);
      if (open.size() > MOST_DEPTH) {
        throw wrong("nested more than " + MOST_DEPTH + " deep");
      }
    }
    at = end + 1;
  }

  /** The {@code >} of a tag; attribute values may hold others. */
  private int tagEnd() throws NotXml {
    char quote = 0;
    for (int i = at + 1; i < document.length(); i++) {
      char c = document.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return i;
      } else if (c == '<') {
        break;
      }
    }
    throw wrong("a tag is not closed");
  }

  private int after(String mark, int from) throws NotXml {
    int found = document.indexOf(mark, from);
    if (found < 0) {
      throw wrong("\"" + mark + "\" is missing");
    }
    return found + mark.length();
  }

  private void text(String run, int from, boolean escaped) throws NotXml {
    XmlElement element = open.peek();
    if (element != null) {
      element.add(run, escaped ? decode(run) : run, from);
    } else if (!run.isBlank() && !run.equals("\uFEFF")) {
      throw wrong("there is text outside of the top element");
    }
  }

  private static String decode(String run) {
    return run.indexOf('&') < 0
        ? run
        : run.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&apos;", "'")
            .replace("&amp;", "&");
  }

  private static String local(String name) {
    return name.substring(name.indexOf(':') + 1);
  }

  private NotXml wrong(String problem) {
    long line = document.substring(0, Math.min(at, document.length())).lines().count();
    return new NotXml(problem + " at line " + Math.max(line, 1));
  }
}
