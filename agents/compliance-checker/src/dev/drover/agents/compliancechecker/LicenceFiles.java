package dev.drover.agents.compliancechecker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the files of a tree say themselves: texts of licences, and SPDX's tags. */
final class LicenceFiles {
  private static final Pattern NAME =
      Pattern.compile(
          "(LICEN[CS]E|COPYING|UNLICENSE)([-._](txt|md|rst|html|LESSER|[A-Za-z]+-?[0-9.]*))?(\\.(txt|md|rst))?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CODE =
      Pattern.compile(
          ".*\\.(java|kt|js|ts|py|go|rb|rs|c|h|cs|php|css|json|xml|ya?ml|sh|class)",
          Pattern.CASE_INSENSITIVE);

  /** Only comment marks may stand before the tag: elsewhere somebody writes about it. */
  private static final Pattern TAG =
      Pattern.compile(
          "^[^A-Za-z0-9\"'`\\n]*(?:dnl |rem |@rem )?SPDX-License-Identifier:[ \\t]*([A-Za-z0-9(][^\\n]*)",
          Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

  private static final Pattern COMMENT_END =
      Pattern.compile("\\s*(\\*+/|-->|\\*\\)|#\\}|%>|\\?>).*$");
  private static final int HEAD = 16 << 10;
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_TAGS = 20;
  private static final int MOST_BESIDE = 20;

  private LicenceFiles() {}

  static boolean isText(String fileName) {
    return NAME.matcher(fileName).matches() && !CODE.matcher(fileName).matches();
  }

  /** The texts in the folder of a file, for a package that lies there. */
  static List<Claim> beside(Path file) {
    Path folder = file.getParent();
    return folder == null ? List.of() : in(folder);
  }

  /** The texts in a folder. */
  static List<Claim> in(Path folder) {
    List<Path> texts = new ArrayList<>();
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path file : all) {
        if (isText(name(file)) && texts.size() < MOST_BESIDE) {
          texts.add(file);
        }
      }
    } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
      return List.of(); // no text can be shown, so none is claimed
    }
    Collections.sort(texts);
    List<Claim> claims = new ArrayList<>();
    for (Path file : texts) {
      Tree.textIfThere(file).ifPresent(text -> claims.add(Claim.text(name(file), text)));
    }
    return claims;
  }

  /** A file of the tree, if it says anything. */
  static void read(Path file, String path, Inventory inventory) throws Unreadable {
    boolean text = isText(name(file));
    byte[] bytes = Tree.head(file, text ? MOST_BYTES : HEAD);
    String content = new String(bytes, StandardCharsets.UTF_8);
    if (content.indexOf('\0') >= 0) {
      return;
    }
    Matcher tag = TAG.matcher(content.substring(0, Math.min(HEAD, content.length())));
    List<String> tags = new ArrayList<>();
    int line = 0;
    while (tags.size() < MOST_TAGS && tag.find()) {
      line = line == 0 ? lineAt(content, tag.start(1)) : line;
      tags.add(COMMENT_END.matcher(tag.group(1)).replaceFirst("").strip());
    }
    List<Claim> claims = new ArrayList<>();
    if (!tags.isEmpty()) {
      claims.add(Claim.together("SPDX-License-Identifier", tags));
    }
    if (text) {
      claims.add(Claim.text("text", content));
    }
    if (!claims.isEmpty()) {
      inventory.add(
          new Component(
              Component.Ecosystem.FILE,
              path,
              "",
              Component.Role.FILE,
              new Place(path, line),
              claims));
    }
  }

  private static int lineAt(String content, int offset) {
    return 1 + (int) content.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
