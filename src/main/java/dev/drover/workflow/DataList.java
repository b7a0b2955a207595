package dev.drover.workflow;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** A JSON array as CEL sees it, without a copy; see {@link DataMap}. */
final class DataList extends AbstractList<Object> implements RandomAccess {
  private final List<?> raw;

  DataList(List<?> raw) {
    this.raw = raw;
  }

  /** The JSON array. */
  List<?> raw() {
    return raw;
  }

  @Override
  public Object get(int index) {
    return DataMap.wrap(raw.get(index));
  }

  @Override
  public int size() {
    return raw.size();
  }
}
