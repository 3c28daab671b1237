import type { MapSegment, OriginalPosition, ScriptMap } from './source-maps';

/**
 * A map whose sources were written by a compiler themselves: two loaders one behind the other. The
 * text of such a source, which the map brings along, ends with a map of its own; `open` reads that.
 * Positions then lead through both, and what the inner one does not know comes from no source.
 */
export function chained(outer: ScriptMap, open: (url: string, source: string) => ScriptMap | undefined): ScriptMap {
  const inner = new Map<string, ScriptMap>();
  for (const source of outer.sources) {
    const text = outer.content(source) ?? '';
    const at = text.lastIndexOf('//# sourceMappingURL=data:');
    const map = at < 0 ? undefined : open(text.slice(at + 21).split(/\s/, 1)[0] ?? '', source);
    if (map) inner.set(source, map);
  }
  if (inner.size === 0) return outer;
  const through = <P extends OriginalPosition>(place: P): P | undefined => {
    const map = inner.get(place.source);
    if (!map) return place;
    const found = map.original(place.line, place.column);
    return found && { ...place, ...found };
  };
  return {
    sources: [...outer.sources.filter((source) => !inner.has(source)), ...[...inner.values()].flatMap(({ sources }) => sources)],
    original(line, column) {
      const found = outer.original(line, column);
      return found && through(found);
    },
    *segments(line, from) {
      for (const segment of outer.segments(line, from)) {
        const found = through<MapSegment>(segment);
        if (found) yield found;
      }
    },
    next(line, column) {
      const found = outer.next(line, column);
      return found && through<MapSegment>(found);
    },
    content(source) {
      for (const map of inner.values()) if (map.sources.includes(source)) return map.content(source);
      return inner.has(source) ? undefined : outer.content(source);
    },
  };
}
