package dev.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation of the metrics is what the code says of them. */
class MetricsDocTest {
  private static final Path DOCUMENT = Path.of("docs/metrics.md").toAbsolutePath();
  private static final Path CLASSES = Path.of("target/classes/dev/drover/telemetry");
  private static final String BEGIN = "<!-- generated from";
  private static final String END = "<!-- end of what is generated -->";

  @Test
  void theDocumentHasEveryMetricAsTheCodeSays() throws IOException {
    String text = Files.readString(DOCUMENT);
    int begin = text.indexOf('\n', text.indexOf(BEGIN)) + 1;
    int end = text.indexOf(END);
    assertThat(begin).isPositive().isLessThanOrEqualTo(end);

    String made = text.substring(0, begin) + Catalogue.markdown() + text.substring(end);
    if (Boolean.getBoolean("drover.docs.write")) {
      Files.writeString(DOCUMENT, made);
    }

    assertThat(Files.readString(DOCUMENT))
        .as("write it anew: mvn -q test -Dtest=MetricsDocTest -Ddrover.docs.write=true")
        .isEqualTo(made);
  }

  @Test
  void theCatalogueHasEveryMetricOnce() throws Exception {
    List<Metric> metrics = new ArrayList<>();
    try (Stream<Path> classes = Files.list(CLASSES)) {
      for (Path file : classes.filter(f -> f.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        for (Field field : Class.forName("dev.drover.telemetry." + name).getDeclaredFields()) {
          if (field.getType() == Metric.class && Modifier.isStatic(field.getModifiers())) {
            metrics.add((Metric) field.get(null));
          }
        }
      }
    }

    assertThat(Catalogue.metrics())
        .hasSizeGreaterThan(40)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(metrics);
    assertThat(Catalogue.metrics()).extracting(Metric::exposed).doesNotHaveDuplicates();
  }
}
