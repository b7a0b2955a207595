package dev.drover.agents.notifier;

import java.io.EOFException;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Looks through an exception's causes. Their classes may be shown; their messages may hold an
 * address and are not.
 */
final class Causes {

  private static final int DEEPEST = 20;

  private Causes() {}

  static boolean find(Throwable failure, Class<? extends Throwable> type) {
    return chain(failure).stream().anyMatch(type::isInstance);
  }

  /** TLS that was refused won't work later; TLS that broke off because the connection did may. */
  static boolean refusesTls(Throwable failure) {
    if (find(failure, CertificateException.class)
        || find(failure, SSLPeerUnverifiedException.class)) {
      return true;
    }
    return find(failure, SSLException.class)
        && !find(failure, SocketException.class)
        && !find(failure, EOFException.class);
  }

  static String names(Throwable failure) {
    return chain(failure).stream()
        .map(cause -> cause.getClass().getSimpleName())
        .collect(Collectors.joining(" <- "));
  }

  /** The failure and what caused it, outermost first. */
  static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Throwable cause = failure;
    while (cause != null && chain.size() < DEEPEST) {
      chain.add(cause);
      cause = cause.getCause();
    }
    return chain;
  }
}
