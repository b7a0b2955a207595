package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KeywordIndexTest {

  @Test
  void aKeywordInsideAnotherIsFoundToo() {
    KeywordIndex index = new KeywordIndex(List.of(List.of("she"), List.of("he", "hers")));
    assertThat(hits(index, "uSHErs")).containsExactly("4:0", "4:1", "6:1");
  }

  @Test
  void charactersBeyondAsciiAreNoKeywords() {
    KeywordIndex index = new KeywordIndex(List.of(List.of("ab")));
    assertThat(hits(index, "\u00e9ab\u00ff")).containsExactly("3:0");
  }

  @Test
  void itFindsWhatASimpleSearchFinds() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      List<List<String>> keywords = new ArrayList<>();
      for (int rule = 0; rule < 5; rule++) {
        keywords.add(List.of(word(random, 2 + random.nextInt(3)), word(random, 2)));
      }
      String text = word(random, 40);
      assertThat(hits(new KeywordIndex(keywords), text)).isEqualTo(simply(keywords, text));
    }
  }

  private static List<String> simply(List<List<String>> keywords, String text) {
    List<String> hits = new ArrayList<>();
    for (int end = 1; end <= text.length(); end++) {
      TreeSet<Integer> rules = new TreeSet<>();
      for (int rule = 0; rule < keywords.size(); rule++) {
        for (String keyword : keywords.get(rule)) {
          if (text.substring(0, end).toLowerCase(Locale.ROOT).endsWith(keyword)) {
            rules.add(rule);
          }
        }
      }
      for (int rule : rules) {
        hits.add(end + ":" + rule);
      }
    }
    return hits;
  }

  private static List<String> hits(KeywordIndex index, String text) {
    List<String> hits = new ArrayList<>();
    index.scan(
        text,
        (end, rules) -> {
          for (int rule : rules) {
            hits.add(end + ":" + rule);
          }
        });
    return hits;
  }

  private static String word(Random random, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append((char) ('a' + random.nextInt(2)));
    }
    return word.toString();
  }
}
