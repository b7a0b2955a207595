package dev.drover.route;

import dev.drover.name.NodeId;
import dev.drover.run.VersionId;
import java.util.regex.Pattern;

/**
 * The ids of one version's routes: {@code <project>/<workflow>@<version>/<node>}. What the compiler
 * adds to the author's nodes begins with an underscore, which no node id does.
 */
record RouteIds(VersionId version) {
  private static final Pattern OF_A_WORKFLOW = Pattern.compile("[^/@]+/[^/@]+@[0-9]+/.+");

  String start() {
    return version + "/_start";
  }

  String node(NodeId node) {
    return version + "/" + node;
  }

  String join(NodeId node) {
    return node(node) + "/_join";
  }

  String end() {
    return version + "/_end";
  }

  String endJoin() {
    return end() + "/_join";
  }

  /** The endpoint from which the route of that id reads. */
  static String endpoint(String routeId) {
    return "direct:" + routeId;
  }

  /** Whether an id is one of a workflow's routes. */
  static boolean isWorkflows(String routeId) {
    return OF_A_WORKFLOW.matcher(routeId).matches();
  }
}
