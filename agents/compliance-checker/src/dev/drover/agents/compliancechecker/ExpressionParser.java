package dev.drover.agents.compliancechecker;

import dev.drover.agents.kit.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads SPDX expressions: {@code WITH} binds closest, then {@code AND}, then {@code OR}. Ids may be
 * written in any case and come out as SPDX writes them; ids that SPDX has withdrawn come out as
 * what replaced them.
 */
final class ExpressionParser {
  private static final int LONGEST = 4_000;
  private static final int DEEPEST = 50;
  private static final Pattern TOKEN = Pattern.compile("\\s*([()]|[^\\s()]+)");
  private static final Pattern REFERENCE =
      Pattern.compile("(DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+");
  private static final Pattern EXCEPTION_REFERENCE =
      Pattern.compile("(DocumentRef-[A-Za-z0-9.-]+:)?AdditionRef-[A-Za-z0-9.-]+");

  private final LicenceIds ids;

  ExpressionParser(LicenceIds ids) {
    this.ids = ids;
  }

  LicenceIds ids() {
    return ids;
  }

  /**
   * @throws NoExpression if it is none, or names a licence that SPDX does not know
   */
  Expression parse(String text) throws NoExpression {
    if (text.length() > LONGEST) {
      throw new NoExpression("it is longer than " + LONGEST + " characters");
    }
    List<String> tokens = new ArrayList<>();
    Matcher token = TOKEN.matcher(text.strip());
    while (token.find()) {
      tokens.add(token.group(1));
    }
    Reading reading = new Reading(tokens);
    Expression expression = reading.any(0);
    if (reading.peek() != null) {
      throw new NoExpression("AND, OR or WITH is missing before " + shown(reading.peek()));
    }
    return expression;
  }

  private static String shown(String token) {
    return "\"" + PlainText.cut(PlainText.oneLine(token), 40) + "\"";
  }

  /** One pass over the tokens of one text. */
  private final class Reading {
    private final List<String> tokens;
    private int at;

    Reading(List<String> tokens) {
      this.tokens = tokens;
    }

    @Nullable String peek() {
      return at < tokens.size() ? tokens.get(at) : null;
    }

    private String next() throws NoExpression {
      if (at == tokens.size()) {
        throw new NoExpression("a licence is missing at its end");
      }
      return tokens.get(at++);
    }

    private boolean take(String word) {
      boolean taken = word.equalsIgnoreCase(peek());
      if (taken) {
        at++;
      }
      return taken;
    }

    Expression any(int depth) throws NoExpression {
      List<Expression> parts = new ArrayList<>();
      do {
        parts.add(all(depth));
      } while (take("OR"));
      return Expression.any(parts);
    }

    private Expression all(int depth) throws NoExpression {
      List<Expression> parts = new ArrayList<>();
      do {
        parts.add(simple(depth));
      } while (take("AND"));
      return Expression.all(parts);
    }

    private Expression simple(int depth) throws NoExpression {
      if (take("(")) {
        if (depth == DEEPEST) {
          throw new NoExpression("it is nested more than " + DEEPEST + " deep");
        }
        Expression inner = any(depth + 1);
        if (!take(")")) {
          throw new NoExpression("a parenthesis is not closed");
        }
        return inner;
      }
      Expression licence = licence(next());
      if (!take("WITH")) {
        return licence;
      }
      if (!(licence instanceof Expression.Licence plain)) {
        throw new NoExpression("WITH must follow one licence");
      }
      return new Expression.With(plain, exception(next()));
    }
  }

  private Expression licence(String token) throws NoExpression {
    if (REFERENCE.matcher(token).matches()) {
      return new Expression.Licence(token, false);
    }
    return ids.licence(token)
        .orElseThrow(() -> new NoExpression(shown(token) + " is no SPDX licence id"));
  }

  private String exception(String token) throws NoExpression {
    if (EXCEPTION_REFERENCE.matcher(token).matches()) {
      return token;
    }
    return ids.exception(token)
        .orElseThrow(() -> new NoExpression(shown(token) + " is no SPDX exception id"));
  }
}
