package dev.drover.agent;

import dev.drover.agent.AgentManifest.Network;
import dev.drover.egress.Door;
import dev.drover.egress.EgressProxy;
import dev.drover.egress.HostList;
import dev.drover.egress.Resolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a sandbox without network reaches the hosts that its manifest lists: a proxy on its own
 * loopback, carried by a small forwarder to a socket of this server's, where it is decided who is
 * reached.
 */
final class WayOut implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WayOut.class);
  private static final Path PERL = Path.of("/usr/bin/perl");
  private static final String PORT = "3128";
  private static final String SOCKET = "/run/drover/egress";
  private static final String OWN_LOOPBACK = "localhost,127.0.0.1,::1";

  private final String forwarder = forwarder();
  private @Nullable EgressProxy proxy;

  /** Why the list of a manifest cannot be had here. */
  Optional<String> missing(AgentManifest manifest) {
    return manifest.access().network() instanceof Network.Hosts && !Files.isExecutable(PERL)
        ? Optional.of(
            "a list of hosts needs "
                + PERL
                + ", which is not installed (Debian: apt-get install perl-base, Fedora: dnf"
                + " install perl-interpreter)")
        : Optional.empty();
  }

  /** Opens one attempt's way out. Hosts are not logged: a secret may be part of a name. */
  Door open(AgentManifest manifest, HostList hosts) throws IOException {
    return proxy()
        .open(
            hosts,
            why ->
                LOG.atWarn()
                    .addKeyValue("agent", manifest.name().value())
                    .addKeyValue("reason", why)
                    .log("An agent was refused a host that its network list does not allow"));
  }

  private synchronized EgressProxy proxy() throws IOException {
    EgressProxy present = proxy;
    if (present == null) {
      present = EgressProxy.start(Resolver.system());
      proxy = present;
    }
    return present;
  }

  /** What shows the door in the sandbox. */
  List<String> mount(Door door) {
    return List.of("--ro-bind", door.socket().toString(), SOCKET);
  }

  /** What stands before the agent's command in the sandbox. */
  List<String> forwarding() {
    return List.of(PERL.toString(), "-e", forwarder, PORT, SOCKET);
  }

  /** What programs of most languages look for. */
  static Map<String, String> env(HostList hosts) {
    String url = "http://127.0.0.1:" + PORT;
    String direct = hosts.allowsLoopback() ? "" : OWN_LOOPBACK;
    return Map.of(
        "http_proxy", url,
        "https_proxy", url,
        "no_proxy", direct,
        "HTTP_PROXY", url,
        "HTTPS_PROXY", url,
        "NO_PROXY", direct,
        "NODE_USE_ENV_PROXY", "1");
  }

  /** The same for a JVM, which looks for properties. */
  static List<String> jvmFlags(HostList hosts) {
    String direct = hosts.allowsLoopback() ? "" : OWN_LOOPBACK.replace("::1", "[::1]");
    return List.of(
        "-Dhttp.proxyHost=127.0.0.1",
        "-Dhttp.proxyPort=" + PORT,
        "-Dhttps.proxyHost=127.0.0.1",
        "-Dhttps.proxyPort=" + PORT,
        "-Dhttp.nonProxyHosts=" + direct.replace(',', '|'));
  }

  private static String forwarder() {
    try (InputStream in = WayOut.class.getResourceAsStream("forwarder.pl")) {
      if (in == null) {
        throw new IllegalStateException("forwarder.pl is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("forwarder.pl cannot be read", e);
    }
  }

  @Override
  public synchronized void close() {
    EgressProxy present = proxy;
    if (present != null) {
      present.close();
    }
  }
}
