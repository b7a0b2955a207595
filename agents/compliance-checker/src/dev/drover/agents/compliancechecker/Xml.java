package dev.drover.agents.compliancechecker;

import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** An XML element with its line. Nothing outside of the document is ever read for it. */
final class Xml {
  private static final int DEEPEST = 200;
  private static final Pattern ENCODING =
      Pattern.compile("^\\s*<\\?xml[^>]*encoding\\s*=\\s*[\"']([A-Za-z0-9._-]+)");
  private static final Pattern OWN_ENTITY =
      Pattern.compile("&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z][A-Za-z0-9]*;");
  private static final Pattern DOCTYPE = Pattern.compile("<!DOCTYPE");

  private final String name;
  private final int line;
  private final List<Xml> children = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  private Xml(String name, int line) {
    this.name = name;
    this.line = line;
  }

  /** The root element of a document. */
  static Xml parse(byte[] document) throws Unreadable {
    String text = decoded(document);
    if (DOCTYPE.matcher(text).find()) {
      throw new Unreadable("it has a document type, which is refused");
    }
    // Poms use HTML's entities in people's names without saying what they are.
    String clean = OWN_ENTITY.matcher(text).replaceAll("?").strip();
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    try {
      XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(clean));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new Unreadable("it is no XML: line " + e.getLocation().getLineNumber());
    }
  }

  private static Xml read(XMLStreamReader reader) throws XMLStreamException, Unreadable {
    Deque<Xml> open = new ArrayDeque<>();
    Xml root = new Xml("", 0);
    open.push(root);
    while (reader.hasNext()) {
      int event = reader.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        Xml element = new Xml(reader.getLocalName(), reader.getLocation().getLineNumber());
        open.element().children.add(element);
        open.push(element);
        if (open.size() > DEEPEST) {
          throw new Unreadable("it is nested more than " + DEEPEST + " deep");
        }
      } else if (event == XMLStreamConstants.END_ELEMENT) {
        open.pop();
      } else if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        open.element().text.append(reader.getText());
      }
    }
    if (root.children.isEmpty()) {
      throw new Unreadable("it is empty");
    }
    return root.children.get(0);
  }

  private static String decoded(byte[] document) {
    String latin = new String(document, StandardCharsets.ISO_8859_1);
    Matcher encoding = ENCODING.matcher(latin.substring(0, Math.min(200, latin.length())));
    Charset charset = StandardCharsets.UTF_8;
    if (encoding.find()) {
      try {
        charset = Charset.forName(encoding.group(1));
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        charset = StandardCharsets.ISO_8859_1;
      }
    }
    String text = new String(document, charset);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  String name() {
    return name;
  }

  int line() {
    return line;
  }

  /** Its own text, without spaces around it. */
  String text() {
    return text.toString().strip();
  }

  List<Xml> children() {
    return children;
  }

  List<Xml> children(String of) {
    return children.stream().filter(child -> child.name.equals(of)).toList();
  }

  Optional<Xml> child(String of) {
    return children.stream().filter(child -> child.name.equals(of)).findFirst();
  }

  /** A child's text; empty if there is none. */
  String text(String of) {
    return child(of).map(Xml::text).orElse("");
  }
}
