package dev.drover.agents.patcher;

import java.util.Optional;

/** Which names a file in the tree may have. A patch can name anything; most of it is refused. */
final class TreePath {
  private static final int LONGEST = 1000;

  private TreePath() {}

  /** Why the path is refused; empty if it stays in the tree and out of version control. */
  static Optional<String> problem(String path) {
    if (path.isEmpty() || path.length() > LONGEST) {
      return Optional.of("is empty or longer than " + LONGEST + " characters");
    }
    if (path.startsWith("/") || path.indexOf('\\') >= 0 || path.matches("[A-Za-z]:.*")) {
      return Optional.of("is not relative with forward slashes");
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("has control characters");
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return Optional.of("has an empty, \".\" or \"..\" part");
      }
      if (isGit(part)) {
        return Optional.of("leads into .git");
      }
    }
    return Optional.empty();
  }

  /** Also as file systems see it that ignore case, trailing dots and blanks, or shorten names. */
  static boolean isGit(String part) {
    String plain = part.replaceAll("[. ]+$", "");
    int stream = plain.indexOf(':');
    String name = stream < 0 ? plain : plain.substring(0, stream);
    StringBuilder visible = new StringBuilder();
    name.codePoints()
        .filter(c -> Character.getType(c) != Character.FORMAT)
        .forEach(visible::appendCodePoint);
    String bare = visible.toString();
    return bare.equalsIgnoreCase(".git") || bare.equalsIgnoreCase("git~1");
  }
}
