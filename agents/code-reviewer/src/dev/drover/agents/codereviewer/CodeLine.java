package dev.drover.agents.codereviewer;

/**
 * A line of the new file as rules see it, in four views of the same length.
 *
 * @param raw as it is
 * @param code without comments
 * @param bare without comments and without what strings hold
 * @param comment nothing but comments
 */
record CodeLine(int number, boolean added, String raw, String code, String bare, String comment) {

  /** Which view a rule looks at. */
  enum View {
    RAW,
    CODE,
    BARE,
    COMMENT
  }

  String view(View view) {
    return switch (view) {
      case RAW -> raw;
      case CODE -> code;
      case BARE -> bare;
      case COMMENT -> comment;
    };
  }
}
