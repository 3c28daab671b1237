/** The table of scripts beside a snapshot, `NAME.scripts.json`: rows of `HeapScript`. */
import path from 'node:path';
import type { HeapScript } from '../core/heap/heap-graph';
import { readRegularTextSync } from '../files/read-regular-sync';

/** A program of 100,000 scripts has one of some 20 MB; a larger one is no table of scripts. */
export const mostTableBytes = 64 << 20;

export type ScriptTable =
  | { readonly kind: 'table'; readonly scripts: Map<number, HeapScript> }
  /** Not there, or not readable as one. */
  | { readonly kind: 'none' }
  /** Not read. */
  | { readonly kind: 'too-large'; readonly file: string; readonly bytes: number };

export function readScriptTable(file: string, mostBytes = mostTableBytes): ScriptTable {
  try {
    const read = readRegularTextSync(file, { most: mostBytes, within: [path.dirname(file)] });
    if (!read.ok) return read.error.kind === 'too-large' ? { kind: 'too-large', file, bytes: read.error.bytes } : { kind: 'none' };
    const rows = JSON.parse(read.value) as unknown;
    if (!Array.isArray(rows)) return { kind: 'none' };
    const scripts = new Map<number, HeapScript>();
    for (const row of rows as Partial<HeapScript>[]) {
      if (typeof row?.scriptId !== 'number' || typeof row.url !== 'string') continue;
      scripts.set(row.scriptId, { scriptId: row.scriptId, url: row.url, sourceMapUrl: typeof row.sourceMapUrl === 'string' ? row.sourceMapUrl : '' });
    }
    return { kind: 'table', scripts };
  } catch {
    return { kind: 'none' }; // functions go without places, which whoever shows them says
  }
}
