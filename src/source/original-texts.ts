import { readRegularTextSync } from '../files/read-regular-sync';
import type { FileScope } from './locate';
import { type OriginalText, originalText } from './original-text';
import type { ScriptMap } from './source-maps';

/** What the sources of maps say of their places, each read and parsed once. */
export type OriginalTexts = (source: string, map: ScriptMap) => OriginalText | undefined;

/** A longer source is generated itself. */
const MAX_TEXT = 1 << 20;
/** Characters that are parsed in all: about a second. What is beyond is not known. */
const MAX_ALL = 8 << 20;

/** `locate` gives the file of this machine for a source; it is read where the map does not bring the text along. */
export function originalTexts(locate: (source: string) => string | undefined, scope: Pick<FileScope, 'roots'> = { roots: [] }): OriginalTexts {
  const known = new Map<string, OriginalText | undefined>();
  let left = MAX_ALL;
  const open = (source: string, map: ScriptMap): OriginalText | undefined => {
    const text = map.content(source) ?? read(locate(source), scope.roots);
    if (text === undefined || text.length > Math.min(MAX_TEXT, left)) return undefined;
    left -= text.length;
    return originalText(text, source.replace(/\?.*$/, ''));
  };
  return (source, map) => {
    if (!known.has(source)) known.set(source, open(source, map));
    return known.get(source);
  };
}

function read(file: string | undefined, own: readonly string[]): string | undefined {
  const text = file === undefined ? undefined : readRegularTextSync(file, { most: MAX_TEXT, own });
  return text?.ok ? text.value : undefined; // else it is not on this machine
}
