package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFailuresTest {

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
  void theseStatusesMayBeTriedAgain(int status) {
    assertThat(HttpFailures.ofStatus("h", status, "")).isInstanceOf(Outcome.TemporaryFailure.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 401, 403, 404, 410, 413, 422})
  void theseStatusesAreFinal(int status) {
    assertThat(HttpFailures.ofStatus("h", status, "")).isInstanceOf(Outcome.PermanentFailure.class);
  }

  @Test
  void waitIsPassedOnOnlyWhenItIsANumber() {
    assertThat(HttpFailures.ofStatus("h", 429, "30"))
        .isEqualTo(new Outcome.TemporaryFailure("h answered HTTP 429, asking to wait 30 s"));
    assertThat(HttpFailures.ofStatus("h", 429, "soon\nforged"))
        .isEqualTo(new Outcome.TemporaryFailure("h answered HTTP 429"));
  }

  static Stream<Exception> temporary() {
    return Stream.of(
        new UnknownHostException("S3CRET"),
        new SocketTimeoutException("S3CRET"),
        new ConnectException("S3CRET"),
        new EOFException("S3CRET"),
        new SSLException("S3CRET", new SocketException("reset")));
  }

  static Stream<Exception> permanent() {
    return Stream.of(
        new SSLHandshakeException("S3CRET"),
        new RuntimeException(new CertificateException("S3CRET")),
        new ClientProtocolException("S3CRET"),
        new IllegalStateException("S3CRET"));
  }

  @ParameterizedTest
  @MethodSource("temporary")
  void brokenNetworkMayBeTriedAgain(Exception failure) {
    assertThat(HttpFailures.ofException("h", failure))
        .isInstanceOf(Outcome.TemporaryFailure.class)
        .asString()
        .doesNotContain("S3CRET");
  }

  @ParameterizedTest
  @MethodSource("permanent")
  void refusedTlsAndUnexpectedFaultsAreFinal(Exception failure) {
    assertThat(HttpFailures.ofException("h", failure))
        .isInstanceOf(Outcome.PermanentFailure.class)
        .asString()
        .doesNotContain("S3CRET");
  }
}
