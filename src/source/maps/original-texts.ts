import { readRegularTextSync } from '../../files/read-regular-sync';
import { ownWaitedThread } from '../../files/waited-thread';
import type { FileScope } from './locate';
import { type OriginalText, originalText, type TextOutline, textOutline } from './original-text';
import type { ScriptMap } from './source-maps';

/** What the sources of maps say of their places, each read and parsed once. */
export type OriginalTexts = (source: string, map: ScriptMap) => OriginalText | undefined;

/** A longer source is generated itself. */
const MAX_TEXT = 1 << 20;
/** Characters that are parsed in all: about a second. What is beyond is not known. */
const MAX_ALL = 8 << 20;
/** Milliseconds that whoever has others to answer waits for all of them: a parser may take hours for a text that is made for that. */
const MOST_WAIT = 4000;

/** `locate` gives the file of this machine for a source; it is read where the map does not bring the text along. */
export function originalTexts(locate: (source: string) => string | undefined, scope: Pick<FileScope, 'roots'> = { roots: [] }): OriginalTexts {
  const known = new Map<string, OriginalText | undefined>();
  let left = MAX_ALL;
  let patience = MOST_WAIT;
  /** In another thread, where this one has others to answer. */
  const outline = (text: string, file: string): TextOutline | undefined => {
    const thread = ownWaitedThread();
    if (!thread) return textOutline(text, file);
    if (patience <= 0) return undefined;
    const begun = performance.now();
    const waited = thread.wait<TextOutline | undefined>('outline', [text, file], patience);
    patience -= performance.now() - begun;
    return waited.kind === 'done' ? waited.value : undefined;
  };
  const open = (source: string, map: ScriptMap): OriginalText | undefined => {
    const text = map.content(source) ?? read(locate(source), scope.roots);
    if (text === undefined || text.length > Math.min(MAX_TEXT, left)) return undefined;
    left -= text.length;
    return originalText(text, source.replace(/\?.*$/, ''), outline);
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
