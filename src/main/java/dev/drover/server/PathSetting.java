package dev.drover.server;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/**
 * Reads paths as any program does: Spring alone takes them for resources, and refuses "../data".
 */
@Component
@ConfigurationPropertiesBinding
final class PathSetting implements Converter<String, Path> {
  @Override
  public Path convert(String text) {
    return Path.of(text);
  }
}
