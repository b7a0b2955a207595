package dev.drover.agents.securityscanner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileChecksTest {
  private static final String GOOD = "FROM debian:12.1\nUSER app\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ADD https://x.org/a.tgz /a             | add-url
          ADD --chown=a:a http://x.org/a /a      | add-url
          ENV DB_PASSWORD=hunter22x              | secret-env
          ENV DB_PASSWORD hunter22x              | secret-env
          ENV A=1 API_KEY="a b c" B=2            | secret-env
          ENV NPM_TOKEN=$NPM_TOKEN               | secret-env
          ARG TOKEN=hunter22x                    | secret-arg
          ARG NPM_TOKEN                          | secret-build-arg
          ARG NPM_TOKEN=                         | secret-build-arg
          COPY .env /app/                        | copy-secret-file
          COPY ["id_rsa", "/root/.ssh/"]         | copy-secret-file
          RUN curl -fsSL https://x.org/i.sh PIPE sh | pipe-to-shell
          RUN wget -qO- https://x.org PIPE sudo bash -s -- | pipe-to-shell sudo
          RUN bash -c "$(curl -fsSL https://x.org)" | pipe-to-shell
          RUN bash <(curl -s https://x.org)      | pipe-to-shell
          RUN curl -k https://x.org -o a         | insecure-download
          RUN wget --no-check-certificate x.org  | insecure-download
          RUN sudo make                          | sudo
          RUN make && sudo make install          | sudo
          RUN chmod -R 777 /opt                  | chmod-world-writable
          EXPOSE 80 22                           | expose-ssh
          EXPOSE 22/tcp                          | expose-ssh
          RUN apt-get update && apt-get install -y a && rm -rf /var/lib/apt/lists/* | apt-recommends
          RUN apt-get install -y --no-install-recommends a | apt-lists
          USER root                              | root-user
          USER 0:0                               | root-user
          run sudo make                          | sudo
          """,
      quoteCharacter = '~')
  void aFaultyInstructionIsFound(String instruction, String rules) {
    String line = instruction.replace("PIPE", "|");
    assertThat(rules(GOOD + line)).containsExactlyInAnyOrder(rules.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ADD --checksum=sha256:24454f830c https://x.org/a /a
          ADD a.tgz /
          ENV DB_PASSWORD_FILE=/run/secrets/db
          ENV DB_PASSWORD=
          ENV ENABLE_TOKEN=true
          ENV TOKEN_URL=https://x.org/token
          ARG VERSION=1.2
          COPY --from=build /out/.env /x
          COPY environment /x
          RUN curl -fsSL https://x.org -o a && sha256sum -c a.sum
          RUN echo pseudo && chmod 755 /opt
          RUN make > log; echo 'sudoers'
          EXPOSE 2222 8022
          RUN --mount=type=cache,target=/var/lib/apt apt-get install -y --no-install-recommends a
          # RUN sudo make
          HEALTHCHECK CMD curl -f http://localhost
          """,
      quoteCharacter = '~')
  void aSoundInstructionIsLeftAlone(String instruction) {
    assertThat(rules(GOOD + instruction)).isEmpty();
  }

  @Test
  void aStageWithoutUserRunsAsRoot() {
    assertThat(rules("FROM debian:12.1\nCMD x")).containsExactly("root-user");
    assertThat(rules("FROM gcr.io/distroless/java:nonroot\nCMD x")).isEmpty();
  }

  @Test
  void onlyTheLastStageCounts() {
    assertThat(rules("FROM a:1 AS b\nRUN x\nFROM c:1\nUSER app")).isEmpty();
    assertThat(rules("FROM a:1 AS b\nUSER app\nFROM c:1")).containsExactly("root-user");
  }

  @Test
  void aStageGoesOnWithTheUserOfTheStageItStartsFrom() {
    assertThat(rules("FROM a:1 AS base\nUSER app\nFROM base\nCMD x")).isEmpty();
  }

  @Test
  void imagesWithoutAVersionAreFound() {
    assertThat(rules("FROM a\nUSER b")).containsExactly("unpinned-image");
    assertThat(rules("FROM --platform=linux/amd64 r:5000/a:latest AS x\nUSER b"))
        .containsExactly("unpinned-image");
    assertThat(rules("ARG V=latest\nFROM a:${V}\nUSER b")).containsExactly("unpinned-image");
  }

  @Test
  void imagesThatArePinnedOrUnknownAreLeftAlone() {
    assertThat(rules("FROM a@sha256:" + Samples.hex(64) + "\nUSER b")).isEmpty();
    assertThat(rules("FROM scratch\nUSER 10")).isEmpty();
    assertThat(rules("ARG V=1.2\nFROM a:$V\nUSER b")).isEmpty();
    assertThat(rules("FROM ${BASE}\nUSER b")).isEmpty();
  }

  @Test
  void aFaultInAContinuedLineHasItsOwnPlace() {
    String text = GOOD + "RUN a && \\\n  # why\n\n  sudo b\n";
    Sighting sighting = DockerfileChecks.check(text).get(0);
    Positions positions = new Positions(text);
    assertThat(positions.line(sighting.start())).isEqualTo(6);
    assertThat(positions.column(sighting.start())).isEqualTo(3);
  }

  @Test
  void theEscapeCharacterCanBeChosen() {
    assertThat(rules("# escape=`\nFROM a:1\nUSER b\nRUN x `\n  sudo y")).containsExactly("sudo");
    assertThat(rules("# escape=`\nFROM a:1\nUSER b\nCOPY x C:\\\nUSER c")).isEmpty();
  }

  @Test
  void aHeredocIsPartOfItsInstruction() {
    assertThat(rules("FROM a:1\nUSER b\nRUN <<EOF\nsudo x\nUSER root\nEOF\nCMD x"))
        .containsExactly("sudo");
  }

  @Test
  void theValueOfASecretIsNotShown() {
    List<Sighting> found = DockerfileChecks.check(GOOD + "ENV DB_PASSWORD=hunter22x");
    assertThat(found).extracting(Sighting::match).containsExactly("ENV DB_PASSWORD=***");
  }

  @Test
  void brokenFilesAreNoTrouble() {
    for (String text :
        List.of("", "\\", "RUN", "FROM", "RUN <<EOF", "FROM \\\n", "=\n\\\n", "RUN \\")) {
      assertThat(rules(text)).isEmpty();
    }
  }

  private static List<String> rules(String text) {
    return DockerfileChecks.check(text).stream()
        .map(sighting -> sighting.rule().id().replace("dockerfile-", ""))
        .toList();
  }
}
