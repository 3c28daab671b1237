import { type FileLocator, type FileScope, urlToPath } from './maps/locate';
import { type ScriptMap, sourceMapOf } from './maps/source-maps';
import type { SourcePlace } from './source-view';

/** A place in a script as it ran; 1-based. */
export interface PlaceInScript {
  readonly url: string;
  /** As V8 tells it: `data:`, a path beside the script, or empty. */
  readonly sourceMapUrl: string;
  readonly line: number;
  readonly column: number;
}

/** Where that stands on this machine, through the script's source map where it has one; undefined for what is no file. */
export function placeInSource({ url, sourceMapUrl, line, column }: PlaceInScript, locator: FileLocator): SourcePlace | undefined {
  const recorded = urlToPath(url);
  if (recorded === undefined) return undefined;
  const file = locator.locate(recorded);
  const original = mapOf(sourceMapUrl, recorded, file, locator)?.original(line, Math.max(0, column - 1));
  if (!original) return { file: file ?? recorded, exists: file !== undefined, line, column };
  const source = locator.locate(original.source);
  return { file: source ?? original.source, exists: source !== undefined, line: original.line, column: original.column + 1 };
}

function mapOf(sourceMapUrl: string, recorded: string, file: string | undefined, scope: FileScope): ScriptMap | undefined {
  if (sourceMapUrl.startsWith('data:')) return sourceMapOf(recorded, { url: sourceMapUrl });
  if (file === undefined) return undefined;
  if (sourceMapUrl !== '') return sourceMapOf(file, { url: sourceMapUrl, scope });
  return /\.[cm]?jsx?$/i.test(file) ? sourceMapOf(file, { scope }) : undefined;
}
