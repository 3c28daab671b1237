import fs from 'node:fs';
import { type OriginalText, originalText } from './original-text';
import type { ScriptMap } from './source-maps';

/** What the sources of maps say of their places, each read and parsed once. */
export type OriginalTexts = (source: string, map: ScriptMap) => OriginalText | undefined;

/** A longer source is generated itself. */
const MAX_TEXT = 1 << 20;
/** Characters that are parsed in all: about a second. What is beyond is not known. */
const MAX_ALL = 8 << 20;

/** `locate` gives the file of this machine for a source; it is read where the map does not bring the text along. */
export function originalTexts(locate: (source: string) => string | undefined): OriginalTexts {
  const known = new Map<string, OriginalText | undefined>();
  let left = MAX_ALL;
  const open = (source: string, map: ScriptMap): OriginalText | undefined => {
    const text = map.content(source) ?? read(locate(source));
    if (text === undefined || text.length > Math.min(MAX_TEXT, left)) return undefined;
    left -= text.length;
    return originalText(text, source.replace(/\?.*$/, ''));
  };
  return (source, map) => {
    if (!known.has(source)) known.set(source, open(source, map));
    return known.get(source);
  };
}

function read(file: string | undefined): string | undefined {
  try {
    return file === undefined || fs.statSync(file).size > MAX_TEXT ? undefined : fs.readFileSync(file, 'utf8');
  } catch {
    return undefined; // not on this machine
  }
}
