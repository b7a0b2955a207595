package dev.drover.agent.dagger;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * A container of the test's engine, as far as it is built.
 *
 * @param recipe everything that it was made of: what is equal is executed once
 * @param image empty: none yet
 */
record TestContainer(
    String recipe,
    String image,
    Map<String, String> env,
    Map<String, String> secrets,
    Map<String, Node> mounts,
    String user,
    String workdir,
    Sandboxed.Ended ended) {

  static final TestContainer EMPTY =
      new TestContainer("", "", Map.of(), Map.of(), Map.of(), "", "/", null);

  /**
   * A file or folder.
   *
   * @param copy where its content is
   * @param digest of its content
   */
  record Node(Path copy, boolean folder, String digest) {}

  TestContainer from(String address) {
    return new TestContainer(
        recipe + "\nfrom " + address, address, env, secrets, mounts, user, workdir, null);
  }

  TestContainer env(String name, String value) {
    return new TestContainer(
        recipe + "\nenv " + name + "=" + value,
        image,
        with(env, name, value),
        secrets,
        mounts,
        user,
        workdir,
        ended);
  }

  TestContainer secret(String name, String id, String value) {
    return new TestContainer(
        recipe + "\nsecret " + name + "=" + id,
        image,
        env,
        with(secrets, name, value),
        mounts,
        user,
        workdir,
        ended);
  }

  TestContainer mount(String path, Node node) {
    return new TestContainer(
        recipe + "\nmount " + path + "=" + node.digest(),
        image,
        env,
        secrets,
        with(mounts, path, node),
        user,
        workdir,
        ended);
  }

  TestContainer user(String name) {
    return new TestContainer(
        recipe + "\nuser " + name, image, env, secrets, mounts, name, workdir, ended);
  }

  TestContainer workdir(String path) {
    return new TestContainer(
        recipe + "\nworkdir " + path, image, env, secrets, mounts, user, path, ended);
  }

  TestContainer ended(String command, Sandboxed.Ended how) {
    return new TestContainer(
        recipe + "\nexec " + command, image, env, secrets, mounts, user, workdir, how);
  }

  private static <T> Map<String, T> with(Map<String, T> map, String key, T value) {
    Map<String, T> copy = new TreeMap<>(map);
    copy.put(key, value);
    return copy;
  }
}
