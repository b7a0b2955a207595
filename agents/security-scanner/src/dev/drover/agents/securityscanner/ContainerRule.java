package dev.drover.agents.securityscanner;

import java.util.Locale;

/** What the checks of Dockerfiles and Compose files report. The id is the name in lower case. */
enum ContainerRule {
  DOCKERFILE_ROOT_USER(
      Severity.HIGH,
      "The image's process runs as root",
      "Create a user and switch to it with USER before the last CMD or ENTRYPOINT."),
  DOCKERFILE_UNPINNED_IMAGE(
      Severity.MEDIUM,
      "The base image has no tag, or the tag latest",
      "Name a version, best together with its digest (image:1.2.3@sha256:...)."),
  DOCKERFILE_ADD_URL(
      Severity.MEDIUM,
      "ADD downloads a file that nothing verifies",
      "Use ADD --checksum=sha256:..., or download and check the digest in one RUN."),
  DOCKERFILE_SECRET_ENV(
      Severity.HIGH,
      "ENV writes a secret into the image, for everybody who can pull it",
      "Remove it, rotate the secret, and pass it at run time or with RUN --mount=type=secret."),
  DOCKERFILE_SECRET_ARG(
      Severity.HIGH,
      "ARG has a secret as its default value",
      "Remove the default, rotate the secret, and use RUN --mount=type=secret."),
  DOCKERFILE_SECRET_BUILD_ARG(
      Severity.MEDIUM,
      "A secret is passed as a build argument, which stays in the image's history",
      "Use RUN --mount=type=secret instead of ARG."),
  DOCKERFILE_COPY_SECRET_FILE(
      Severity.HIGH,
      "A file that holds secrets is copied into the image",
      "List the file in .dockerignore and mount it at run time or with RUN --mount=type=secret."),
  DOCKERFILE_PIPE_TO_SHELL(
      Severity.HIGH,
      "A script is run straight from the network",
      "Download it, check its digest, then run it; or install the tool from a package."),
  DOCKERFILE_INSECURE_DOWNLOAD(
      Severity.HIGH,
      "A download switches verification off",
      "Remove the switch and install the missing certificate or key."),
  DOCKERFILE_SUDO(
      Severity.MEDIUM,
      "sudo in a build step leaves a way back to root in the image",
      "Run the step before USER, or switch with USER root and back."),
  DOCKERFILE_CHMOD_WORLD_WRITABLE(
      Severity.MEDIUM,
      "A file becomes writable for everybody",
      "Give the files to the image's user (COPY --chown) instead of chmod 777."),
  DOCKERFILE_EXPOSE_SSH(
      Severity.MEDIUM,
      "The image offers SSH",
      "Remove sshd and EXPOSE 22; use docker exec or kubectl exec."),
  DOCKERFILE_APT_RECOMMENDS(
      Severity.LOW,
      "apt-get installs recommended packages that nobody asked for",
      "Add --no-install-recommends."),
  DOCKERFILE_APT_LISTS(
      Severity.LOW,
      "apt's package lists stay in the image",
      "End the same RUN with rm -rf /var/lib/apt/lists/*, or use a cache mount."),

  COMPOSE_PRIVILEGED(
      Severity.CRITICAL,
      "The container is privileged: its root is the host's root",
      "Remove privileged and add only the capabilities it needs with cap_add."),
  COMPOSE_DOCKER_SOCKET(
      Severity.CRITICAL,
      "The container controls the host through the container engine's socket",
      "Remove the mount, or put a socket proxy that allows only the needed calls before it."),
  COMPOSE_HOST_PATH(
      Severity.HIGH,
      "A system folder of the host is mounted",
      "Mount only the folder that is needed, read-only if possible."),
  COMPOSE_CAPABILITY(
      Severity.HIGH,
      "A capability that breaks the container's isolation is added",
      "Drop ALL and add back only the harmless capability that is needed."),
  COMPOSE_HOST_NAMESPACE(
      Severity.HIGH,
      "The container shares the host's processes, memory or user ids",
      "Remove pid, ipc or userns_mode: host."),
  COMPOSE_HOST_NETWORK(
      Severity.MEDIUM,
      "The container shares the host's network and reaches what listens on localhost",
      "Use a network of its own and publish the needed ports."),
  COMPOSE_UNCONFINED(
      Severity.HIGH,
      "A confinement of the container is switched off",
      "Remove the security_opt, or write a profile with the missing permission."),
  COMPOSE_ROOT_USER(
      Severity.MEDIUM,
      "The service is told to run as root",
      "Name another user, or leave it to the image."),
  COMPOSE_PLAIN_PASSWORD(
      Severity.HIGH,
      "A secret is written out in the file",
      "Rotate it, and use secrets: with a _FILE variable, or ${NAME} from an untracked .env."),
  COMPOSE_DEFAULT_PASSWORD(
      Severity.MEDIUM,
      "A secret has a default that everybody can read",
      "Make it required with ${NAME:?set it in .env} instead of a default."),
  COMPOSE_NO_PASSWORD(
      Severity.HIGH,
      "The database accepts everybody without a password",
      "Remove the setting and give a password from a secret."),
  COMPOSE_UNPINNED_IMAGE(
      Severity.MEDIUM,
      "The image has no tag, or the tag latest",
      "Name a version, best together with its digest (image:1.2.3@sha256:...)."),
  COMPOSE_OPEN_PORT(
      Severity.HIGH,
      "A database or control port is published on every interface of the host",
      "Publish it on 127.0.0.1, or reach it over the Compose network only.");

  private final Severity severity;
  private final String description;
  private final String remedy;

  ContainerRule(Severity severity, String description, String remedy) {
    this.severity = severity;
    this.description = description;
    this.remedy = remedy;
  }

  RuleInfo info() {
    String id = name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new RuleInfo(id, severity, description, remedy);
  }

  Sighting setting(int start, int end, String shown) {
    return new Sighting(info(), start, end, shown, Sighting.Kind.SETTING);
  }

  Sighting exposedValue(int start, int end, String shown) {
    return new Sighting(info(), start, end, shown, Sighting.Kind.EXPOSED_VALUE);
  }
}
