package dev.drover.agents.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drover.agents.kit.BadInput;
import dev.drover.agents.kit.InputObject;
import dev.drover.agents.kit.ShippedManifest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {

  private static final String MAIL =
      "'channel':'email','title':'t','smtp':{'host':'mx','from':'a@b.example'},";

  @Test
  void defaultsAreFilledIn() throws Exception {
    Request request = read("{'channel':'log','title':'t'}");

    assertThat(request.target()).isEqualTo(new Target.Log());
    assertThat(request.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(request.message()).isEqualTo(new Message("t", "", Severity.INFO, Map.of()));
  }

  @Test
  void urlMayComeFromTheEnvironmentAndTheInputWins() throws Exception {
    Map<String, String> secrets = Map.of("NOTIFIER_URL", "https://hooks.example/S3CRET");

    assertThat(read("{'channel':'slack','title':'t'}", secrets).target().host())
        .isEqualTo("hooks.example");
    assertThat(
            read("{'channel':'slack','title':'t','url':'https://given.example/'}", secrets)
                .target()
                .host())
        .isEqualTo("given.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h/S3CRET",
        "https:///S3CRET",
        "https://user:S3CRET@h/",
        "https://h/S3CRET#x",
        "https://h/S3CRET {{env:HOME}}",
        "https://h/S3CRET\\r\\nX: y",
        "file:/S3CRET",
        "S3CRET",
        "https://h:99999/S3CRET"
      })
  void unusableUrlIsRefusedWithoutBeingQuoted(String url) {
    assertThatThrownBy(() -> read("{'channel':'webhook','title':'t','url':'" + url + "'}"))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("url is not usable: expected http")
        .hasMessageNotContaining("S3CRET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|the input must be a JSON object",
        "{'title':'t'}|channel is missing",
        "{'channel':'fax','title':'t'}|channel must be one of",
        "{'channel':'log'}|title is missing",
        "{'channel':'log','title':' '}|title must be a non-empty string",
        "{'channel':'log','title':1}|title must be a non-empty string",
        "{'channel':'log','title':'t','text':5}|text must be a string",
        "{'channel':'log','title':'t','severity':'bad'}|severity must be one of",
        "{'channel':'log','title':'t','timeout':0}|timeout must be an integer from 1 to 120",
        "{'channel':'log','title':'t','timeout':1.5}|timeout must be an integer",
        "{'channel':'log','title':'t','fields':{'a':[1]}}|fields must hold strings",
        "{'channel':'log','title':'t','fields':[]}|fields must be an object",
        "{'channel':'log','title':'t','url':'http://h/'}|unknown field \"url\" for channel log",
        "{'channel':'log','titel':'t'}|unknown field \"titel\"",
        "{'channel':'slack','title':'t'}|url is missing",
        "{'channel':'slack','title':'t','to':['a@b.c']}|unknown field \"to\"",
        "{'channel':'slack','title':'t','url':'https://h/','format':'html'}|format must be one of blocks, attachment",
        "{'channel':'slack','title':'t','url':'https://h/','thread':'1.2'}|thread needs slackChannel",
        "{'channel':'slack','title':'t','slackChannel':'C1','url':'https://h/'}|leave url and format out",
        "{'channel':'slack','title':'t','slackChannel':'a b'}|slackChannel must be an id",
        "{'channel':'slack','title':'t','slackChannel':'C1','thread':'x'}|thread must be what",
        "{'channel':'slack','title':'t','slackChannel':'C1'}|map one to NOTIFIER_SLACK_TOKEN",
        "{'channel':'teams','title':'t','url':'https://h/','threadKey':'x'}|unknown field \"threadKey\"",
        "{'channel':'pagerduty','title':'t'}|map one to NOTIFIER_PAGERDUTY_KEY",
        "{'channel':'pagerduty','title':'t','action':'page'}|action must be one of",
        "{'channel':'pagerduty','title':'t','severity':'resolved'}|threadKey is missing",
        "{'channel':'pagerduty','title':'t','action':'acknowledge'}|threadKey is missing"
      })
  void faultIsNamed(String json, String message) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(BadInput.class).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'channel':'email','title':'t'}|to is missing",
        "{'channel':'email','title':'t','smtp':{'from':'a@b.c'},'to':['a@b.c']}|smtp.host is missing",
        "{'channel':'email','title':'t','smtp':{'host':'a b','from':'a@b.c'},'to':['a@b.c']}|smtp.host must be",
        "{'channel':'email','title':'t','smtp':{'password':'x'}}|unknown field \"smtp.password\"",
        "{MAIL'to':[]}|to is missing",
        "{MAIL'to':'a@b.c'}|to must be a list",
        "{MAIL'to':[1]}|to must be a list",
        "{MAIL'to':['a@b.c','nobody']}|to[1] must be one mail address",
        "{MAIL'to':['a@b.c, d@e.f']}|to[0] must be one mail address",
        "{MAIL'to':['all: a@b.c, d@e.f;']}|to[0] must be one mail address",
        "{MAIL'to':['a@b.c\\r\\nBcc: d@e.f']}|to[0] must be one mail address",
        "{MAIL'to':['grün@b.c']}|to[0] must be one mail address",
        "{MAIL'to':['a@b.c'],'cc':['x']}|cc[0] must be one mail address",
        "{MAIL'to':['a@b.c'],'url':'http://h/'}|unknown field \"url\" for channel email"
      })
  void faultOfAMailIsNamed(String json, String message) {
    assertThatThrownBy(() -> read(json.replace("MAIL", MAIL)))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(message);
  }

  @Test
  void mailWithoutLoginGoesInTheClearToTheRelayPort() throws Exception {
    Target.Email email = email("{MAIL'to':['\\u0022Doe, Jané\\u0022 <jane@c.example>']}");

    assertThat(email.server()).isEqualTo(new Target.MailServer("mx", 25, false, Optional.empty()));
    assertThat(email.envelope().to().get(0).getPersonal()).isEqualTo("Doe, Jané");
    assertThat(email.envelope().to().get(0).getAddress()).isEqualTo("jane@c.example");
  }

  @Test
  void loginTurnsEncryptionOnAndNeedsAPassword() throws Exception {
    String json =
        "{'channel':'email','title':'t','smtp':{'host':'mx','from':'a@b.example','username':'u'},"
            + "'to':['a@b.example']}";

    assertThatThrownBy(() -> read(json))
        .hasMessageContaining("map a secret to NOTIFIER_SMTP_PASSWORD");
    Target.Email email =
        (Target.Email) read(json, Map.of("NOTIFIER_SMTP_PASSWORD", "S3CRET")).target();
    assertThat(email.server().startTls()).isTrue();
    assertThat(email.server().port()).isEqualTo(587);
    assertThat(email.toString()).doesNotContain("S3CRET");
  }

  @Test
  void tooManyRecipientsAreRefused() {
    List<String> many = Collections.nCopies(51, "'a@b.c'");

    assertThatThrownBy(() -> email("{MAIL'to':" + many + "}")).hasMessageContaining("at most 50");
  }

  private static Target.Email email(String json) throws Exception {
    return (Target.Email) read(json.replace("MAIL", MAIL)).target();
  }

  private static Request read(String json) throws Exception {
    return read(json, Map.of());
  }

  private static Request read(String json, Map<String, String> environment) throws Exception {
    return new RequestReader(environment)
        .read(InputObject.of(ShippedManifest.json(json.replace('\'', '"'))));
  }
}
