package dev.drover.agents.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XmlDocumentTest {

  @Test
  void textKnowsItsPlace() throws Exception {
    String document =
        "\uFEFF<?xml version='1.0'?>\n<!-- <a> --><p:a x='>'><b>\n  1 &lt; 2 </b><b/><c>z</c></p:a>\n";
    XmlElement root = XmlDocument.parse(document);
    XmlElement b = root.children("b").get(0);
    assertThat(root.name()).isEqualTo("a");
    assertThat(b.text()).isEqualTo("1 < 2");
    assertThat(document.substring(b.textStart(), b.textEnd())).isEqualTo("1 &lt; 2");
    assertThat(root.textOf("c")).isEqualTo("z");
    assertThat(root.children("b").get(1).isOnePiece()).isFalse();
  }

  @Test
  void aTextInPiecesIsToldFromOneInOne() throws Exception {
    XmlElement root =
        XmlDocument.parse("<a><b>1<!-- x -->2</b><c><!-- x --> 3 </c><d><![CDATA[4<]]></d></a>");
    assertThat(root.at("b").get(0).isOnePiece()).isFalse();
    assertThat(root.at("c").get(0).isOnePiece()).isTrue();
    assertThat(root.at("b").get(0).text() + root.textOf("d")).isEqualTo("124<");
  }

  @ParameterizedTest
  @CsvSource({
    "'<a><b></a></b>', an end tag", "'<a>', not closed", "'', no element",
        "'<a/><b/>', more than one",
    "'x<a/>', outside", "'<!DOCTYPE a><a/>', document types", "'<a b=\"', not closed",
        "'<a><!-- ', missing"
  })
  void whatIsNoXmlIsRefused(String document, String reason) {
    assertThatThrownBy(() -> XmlDocument.parse(document)).hasMessageContaining(reason);
  }

  @Test
  void depthIsBounded() {
    assertThatThrownBy(() -> XmlDocument.parse("<a>".repeat(100_000)))
        .isInstanceOf(XmlDocument.NotXml.class)
        .hasMessageContaining("deep");
  }
}
