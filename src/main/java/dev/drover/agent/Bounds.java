package dev.drover.agent;

import java.util.List;
import java.util.Optional;

/**
 * What holds an attempt's processes together beside their tree: a group of the kernel's, a way out.
 * It is there from before the process is started, and must be released when it has ended.
 */
interface Bounds {
  /** Nothing does. */
  Bounds NONE = new Unbound();

  /** A limit that was broken. */
  record Breach(FailureType type, String message) {}

  /** Whether the kernel counts memory and processes, so that nobody has to look for them. */
  boolean counts();

  /** Processes among the agent's that are not its own. */
  int extra();

  /** Whether a limit has been broken. */
  Optional<Breach> breach();

  /** Kills what is in it. */
  void kill();

  /** The hosts that it asked for and was refused, since they were last forgotten. */
  List<String> refusals();

  /** Another attempt begins in it, which shall hear of its own refusals only, but of all. */
  void forgetRefusals();

  /** Gives everything back; more than once does no harm. */
  void release();

  /** No bounds but the tree's. */
  final class Unbound implements Bounds {
    private Unbound() {}

    @Override
    public boolean counts() {
      return false;
    }

    @Override
    public int extra() {
      return 0;
    }

    @Override
    public Optional<Breach> breach() {
      return Optional.empty();
    }

    @Override
    public void kill() {}

    @Override
    public List<String> refusals() {
      return List.of();
    }

    @Override
    public void forgetRefusals() {}

    @Override
    public void release() {}
  }
}
