package dev.drover.workflow;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import dev.cel.common.values.NullValue;
import dev.cel.common.values.SelectableValue;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as CEL sees it, without a copy: each value is wrapped when it is looked at. CEL
 * would walk through a plain map, and all that is in it, at every step of {@code nodes.a.output.b};
 * a value of its own kind it takes as it is. JSON's null becomes CEL's.
 */
@SuppressWarnings("Immutable") // the data is never written while an expression looks at it
final class DataMap extends CelValue implements SelectableValue<Object>, Map<Object, Object> {
  private static final MapType TYPE = MapType.create(SimpleType.STRING, SimpleType.DYN);

  private final Map<?, ?> raw;
  private final Map<Object, Object> view;

  DataMap(Map<?, ?> raw) {
    this.raw = raw;
    this.view = new View(raw);
  }

  /** A JSON value as CEL sees it. */
  static Object wrap(@Nullable Object value) {
    if (value == null) {
      return NullValue.NULL_VALUE;
    } else if (value instanceof Map<?, ?> map) {
      return map instanceof DataMap ? map : new DataMap(map);
    } else if (value instanceof List<?> list) {
      return list instanceof DataList ? list : new DataList(list);
    }
    return value;
  }

  /** The JSON object. */
  Map<?, ?> raw() {
    return raw;
  }

  @Override
  public Object select(Object field) {
    Object value = view.get(field);
    if (value == null) {
      throw CelAttributeNotFoundException.forMissingMapKey(String.valueOf(field));
    }
    return value;
  }

  @Override
  public Optional<Object> find(Object field) {
    return Optional.ofNullable(view.get(field));
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return raw.isEmpty();
  }

  @Override
  public CelType celType() {
    return TYPE;
  }

  @Override
  public int size() {
    return raw.size();
  }

  @Override
  public boolean isEmpty() {
    return raw.isEmpty();
  }

  @Override
  public boolean containsKey(Object key) {
    return raw.containsKey(key);
  }

  @Override
  public boolean containsValue(Object value) {
    return view.containsValue(value);
  }

  @Override
  public @Nullable Object get(Object key) {
    return view.get(key);
  }

  @Override
  public Set<Object> keySet() {
    return view.keySet();
  }

  @Override
  public Collection<Object> values() {
    return view.values();
  }

  @Override
  public Set<Entry<Object, Object>> entrySet() {
    return view.entrySet();
  }

  @Override
  public @Nullable Object put(Object key, Object value) {
    return view.put(key, value);
  }

  @Override
  public @Nullable Object remove(Object key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(Map<?, ?> other) {
    view.putAll(other);
  }

  @Override
  public void clear() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DataMap map ? view.equals(map.view) : view.equals(other);
  }

  @Override
  public int hashCode() {
    return view.hashCode();
  }

  @Override
  public String toString() {
    return view.toString();
  }

  /** The read-only map over the wrapped values. */
  private static final class View extends AbstractMap<Object, Object> {
    private final Map<?, ?> raw;

    View(Map<?, ?> raw) {
      this.raw = raw;
    }

    @Override
    public @Nullable Object get(Object key) {
      Object value = raw.get(key);
      return value == null && !raw.containsKey(key) ? null : wrap(value);
    }

    @Override
    public Set<Entry<Object, Object>> entrySet() {
      return new AbstractSet<>() {
        @Override
        public int size() {
          return raw.size();
        }

        @Override
        public Iterator<Entry<Object, Object>> iterator() {
          return raw.entrySet().stream()
              .<Entry<Object, Object>>map(e -> Map.entry(e.getKey(), wrap(e.getValue())))
              .iterator();
        }
      };
    }
  }
}
