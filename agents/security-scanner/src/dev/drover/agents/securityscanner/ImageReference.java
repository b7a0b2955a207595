package dev.drover.agents.securityscanner;

import java.util.regex.Pattern;

/** A container image as named in a file, taken apart as far as its pinning goes. */
record ImageReference(String name, String tag, boolean digest) {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9._/:-]{1,300}(?:@sha256:[0-9a-f]{64})?");

  static ImageReference of(String reference) {
    int at = reference.indexOf('@');
    String withoutDigest = at < 0 ? reference : reference.substring(0, at);
    int colon = withoutDigest.lastIndexOf(':');
    // A colon before the last slash belongs to the registry's port.
    if (colon > withoutDigest.lastIndexOf('/')) {
      return new ImageReference(
          withoutDigest.substring(0, colon), withoutDigest.substring(colon + 1), at >= 0);
    }
    return new ImageReference(withoutDigest, "", at >= 0);
  }

  /** True when what it names can change under the same name on any day. */
  boolean floats() {
    return !digest && (tag.isEmpty() || tag.equals("latest"));
  }

  /** False for a template that something else fills in; what is plain is fit to be shown. */
  static boolean isPlain(String reference) {
    return PLAIN.matcher(reference).matches();
  }
}
