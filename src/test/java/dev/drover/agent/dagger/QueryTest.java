package dev.drover.agent.dagger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drover.json.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryTest {
  @Test
  void valuesAreVariablesAndIdsAreLiterals() throws Exception {
    Query query =
        new Query()
            .enter("container")
            .enter("from", Query.text("address", "a\"}{"))
            .enter("withMountedFile", Query.text("path", "/x"), Query.id("source", "I\"D"))
            .enter("withExec", Query.texts("args", List.of("a")), Query.constant("expect", "ANY"))
            .select("exitCode")
            .selectId("m0", "file", Query.text("path", "/x"));

    assertThat(query.text())
        .isEqualTo(
            "query($v0:String!,$v1:String!,$v2:[String!]!,$v3:String!){container{from(address:$v0)"
                + "{withMountedFile(path:$v1,source:\"I\\\"D\"){withExec(args:$v2,expect:ANY)"
                + "{exitCode m0:file(path:$v3){id}}}}}}");
    assertThat(Json.asObject(Json.parse(query.body())).get("variables"))
        .isEqualTo(Map.of("v0", "a\"}{", "v1", "/x", "v2", List.of("a"), "v3", "/x"));
  }

  @Test
  void anAnswerIsReadAlongTheWayOfItsQuery() {
    Query query = new Query().enter("container").enter("from").select("id");

    assertThat(query.reached(Map.of("container", Map.of("from", Map.of("id", "1")))))
        .contains(Map.of("id", "1"));
    assertThat(query.reached(Map.of("container", "x"))).isEmpty();
    assertThat(new Query().select("version").reached(Map.of("version", "v1"))).isPresent();
    assertThat(new Query().select("version").text()).isEqualTo("query{version}");
  }
}
