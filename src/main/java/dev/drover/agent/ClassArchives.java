package dev.drover.agent;

import dev.drover.agent.AgentManifest.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Java agents have loaded once, in archives from which a JVM loads it in half the time (class
 * data sharing). Each agent that comes with Drover has one; it is made by running the self-test
 * once more, and anew when the JVM, the libraries or the manifest are others. Without one, or with
 * one that the JVM does not take, an agent starts as ever.
 */
final class ClassArchives {
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchives.class);

  /** Other agents' code may not write to a folder of the server, not even once. */
  private static final Pattern OWN_PROGRAM =
      Pattern.compile(
          "java( -X(share:auto|mx\\w+|X:TieredStopAtLevel=1|X:\\+UseSerialGC))*"
              + " -cp \\$\\{agents\\.classpath} dev\\.drover\\.agents(\\.\\w+)+");

  /** With them a manifest's environment could bring other code in. */
  private static final Set<String> JVM_VARIABLES =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final long LARGEST = 256L << 20;

  /** The JVM's, where an archive is stale: no word of it belongs in an agent's log. */
  private static final String QUIET = "-Xlog:cds*=off";

  /** Where there are none. */
  static final ClassArchives NONE = new ClassArchives(Optional.empty(), List.of());

  private final Optional<Path> folder;
  private final List<Path> classpath;

  /**
   * @param folder where archives are kept; absent: there are none
   */
  ClassArchives(Optional<Path> folder, List<Path> classpath) {
    this.folder = folder;
    this.classpath = classpath;
  }

  /** The agent's archive, if there is one. */
  Optional<Path> find(AgentManifest manifest) {
    return file(manifest).filter(ClassArchives::isFile);
  }

  /** Whether the agent could have one and has none. */
  boolean isWanted(AgentManifest manifest) {
    return file(manifest).filter(file -> !isFile(file)).isPresent();
  }

  /** What an agent has made is looked at as it is: a link could lead anywhere. */
  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private Optional<Path> file(AgentManifest manifest) {
    String command = String.join(" ", manifest.program().command());
    boolean fits =
        manifest.warm().isEmpty()
            && OWN_PROGRAM.matcher(command).matches()
            && Collections.disjoint(manifest.access().env().keySet(), JVM_VARIABLES)
            && !classpath.isEmpty()
            && classpath.stream().allMatch(Files::isRegularFile); // no archive spans folders
    return fits
        ? folder.map(f -> f.resolve(manifest.name() + "-" + key(manifest) + ".jsa"))
        : Optional.empty();
  }

  /** The manifest with a command that uses the archive, which the agent sees there. */
  static AgentManifest using(AgentManifest manifest, String archive) {
    return with(manifest, List.of("-XX:SharedArchiveFile=" + archive, QUIET));
  }

  /** The manifest with a command that makes an archive when the JVM ends. */
  static AgentManifest making(AgentManifest manifest, String archive) {
    return with(manifest, List.of("-XX:ArchiveClassesAtExit=" + archive, QUIET));
  }

  private static AgentManifest with(AgentManifest manifest, List<String> flags) {
    List<String> command = new ArrayList<>(manifest.program().command());
    command.addAll(1, flags);
    Program program =
        new Program(
            manifest.home(), command, manifest.program().image(), manifest.program().warm());
    return new AgentManifest(
        manifest.name(),
        manifest.description(),
        program,
        manifest.contract(),
        manifest.limits(),
        manifest.access(),
        manifest.cost(),
        manifest.selfTest(),
        manifest.hash());
  }

  /** A folder of its own in which an archive of that name can be made. */
  Path workshop(AgentManifest manifest) throws IOException {
    Path all = Files.createDirectories(folder.orElseThrow());
    return Files.createTempDirectory(all, manifest.name() + "-");
  }

  /** Takes what was made in place of older ones, and removes the workshop. */
  void take(AgentManifest manifest, Path workshop, boolean success) {
    Path made = workshop.resolve("classes.jsa");
    try {
      if (success && isFile(made) && Files.size(made) <= LARGEST) {
        Path file = file(manifest).orElseThrow();
        removeOthers(manifest);
        Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        LOG.atInfo().addKeyValue("agent", manifest.name()).log("Its classes are archived");
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).addKeyValue("agent", manifest.name()).log("No class archive");
    } finally {
      AttemptFolder.delete(workshop);
    }
  }

  private void removeOthers(AgentManifest manifest) throws IOException {
    String pattern = manifest.name() + "-" + "[0-9a-f]".repeat(16) + ".jsa";
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder.orElseThrow(), pattern)) {
      for (Path archive : old) {
        Files.deleteIfExists(archive);
      }
    }
  }

  /** Of everything that the JVM compares before it takes an archive. */
  private String key(AgentManifest manifest) {
    StringBuilder all = new StringBuilder(manifest.hash());
    all.append(System.getProperty("java.home")).append(System.getProperty("java.vm.version"));
    for (Path jar : classpath) {
      try {
        all.append(jar).append(Files.getLastModifiedTime(jar)).append(Files.size(jar));
      } catch (IOException e) {
        all.append('-'); // it is not there, and the agent will not start
      }
    }
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      byte[] digest = sha.digest(all.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
