package dev.drover.agents.securityscanner;

import dev.drover.agents.securityscanner.Dockerfile.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what a RUN instruction should not do. */
final class DockerfileRunChecks {
  // The words between a download and its pipe are bounded: the patterns stay linear in practice.
  private static final Pattern PIPE_TO_SHELL =
      Pattern.compile(
          "\\b(?:curl|wget)\\b[^|;&]{1,1000}\\|\\s{0,20}(?:sudo\\s{1,20})?(?:\\S{0,40}/)?"
              + "(?:(?:ba|z|da|k)?sh|python[0-9.]{0,4}|perl|ruby|node)\\b"
              + "|\\b(?:ba|z|da)?sh\\s{1,20}(?:-c\\s{1,20})?[\"']?[<$]\\(\\s{0,20}(?:curl|wget)\\b");
  private static final Pattern INSECURE =
      Pattern.compile(
          "\\bcurl\\b[^|;&\\n]{0,500}?\\s(?:--insecure|-[a-zA-Z]{0,10}k[a-zA-Z]{0,10})(?=\\s)"
              + "|--no-check-certificate\\b|--allow-unauthenticated\\b|--trusted-host\\b|--nogpgcheck\\b"
              + "|--allow-untrusted\\b|strict-ssl\\s{1,20}false|http\\.sslVerify[= ]{1,20}false"
              + "|NODE_TLS_REJECT_UNAUTHORIZED=0");
  private static final Pattern SUDO = Pattern.compile("(?<=^|[\\s;&|(])sudo(?=\\s)(?!\\s+-V)");
  private static final Pattern WORLD_WRITABLE =
      Pattern.compile(
          "\\bchmod\\s{1,20}(?:-[A-Za-z]{1,4}\\s{1,20}){0,3}(?:0?777|a\\+rwx|o\\+w)\\b");
  private static final Pattern APT_INSTALL =
      Pattern.compile("\\bapt(?:-get)?\\s(?:[^;&|]{0,200}?\\s)?install\\s[^;&|]{0,4000}");
  private static final Pattern LISTS_REMOVED =
      Pattern.compile("rm\\s[^;&|]{0,500}/var/lib/apt/lists|--mount=type=(?:cache|tmpfs)");

  private final Instruction run;
  private final String command;
  private final List<Sighting> sightings = new ArrayList<>();

  private DockerfileRunChecks(Instruction run) {
    this.run = run;
    this.command = run.arguments();
  }

  static List<Sighting> check(Instruction run) {
    DockerfileRunChecks checks = new DockerfileRunChecks(run);
    checks.look(PIPE_TO_SHELL, ContainerRule.DOCKERFILE_PIPE_TO_SHELL, "download | shell");
    checks.look(INSECURE, ContainerRule.DOCKERFILE_INSECURE_DOWNLOAD, "unverified download");
    checks.look(SUDO, ContainerRule.DOCKERFILE_SUDO, "sudo");
    checks.look(WORLD_WRITABLE, ContainerRule.DOCKERFILE_CHMOD_WORLD_WRITABLE, "chmod 777");
    checks.apt();
    return checks.sightings;
  }

  private void look(Pattern pattern, ContainerRule rule, String shown) {
    Matcher matcher = pattern.matcher(command);
    if (matcher.find()) {
      add(rule, matcher, shown);
    }
  }

  private void apt() {
    Matcher install = APT_INSTALL.matcher(command);
    if (!install.find()) {
      return;
    }
    if (!LISTS_REMOVED.matcher(command).find()) {
      add(ContainerRule.DOCKERFILE_APT_LISTS, install, "apt-get install");
    }
    do {
      String text = install.group();
      if (!text.contains("--no-install-recommends") && !text.contains("Install-Recommends=")) {
        add(ContainerRule.DOCKERFILE_APT_RECOMMENDS, install, "apt-get install");
        return;
      }
    } while (install.find());
  }

  private void add(ContainerRule rule, Matcher match, String shown) {
    int at = run.argumentsAt();
    sightings.add(rule.setting(at + match.start(), at + match.end(), shown));
  }
}
