package dev.drover.agent;

import dev.drover.egress.Door;
import java.util.List;
import java.util.Optional;

/** What holds a sandbox: its control group where there are such, and its way out if it has one. */
record SandboxBounds(Optional<ControlGroup> group, Optional<Door> door) implements Bounds {
  @Override
  public boolean counts() {
    return group.isPresent();
  }

  @Override
  public int extra() {
    return door.isPresent() ? 1 : 0; // the forwarder
  }

  @Override
  public Optional<Breach> breach() {
    return group.flatMap(ControlGroup::breach);
  }

  @Override
  public void kill() {
    group.ifPresent(ControlGroup::kill);
  }

  @Override
  public List<String> refusals() {
    return door.map(Door::refusals).orElse(List.of());
  }

  @Override
  public void forgetRefusals() {
    door.ifPresent(Door::forgetRefusals);
  }

  @Override
  public void release() {
    door.ifPresent(Door::close);
    group.ifPresent(ControlGroup::remove);
  }
}
