/** The table of scripts beside a snapshot, `NAME.scripts.json`: rows of `HeapScript`. */
import path from 'node:path';
import * as v from 'valibot';
import type { HeapScript } from '../../core/heap/graph/heap-graph';
import { readRegularTextSync } from '../../files/read-regular-sync';
import { fittingOf } from '../../shared/schemas/base';
import { fittingJson } from '../../shared/schemas/read-json';

/** A program of 100,000 scripts has one of some 20 MB; a larger one is no table of scripts. */
const mostTableBytes = 64 << 20;

export type ScriptTable =
  | { readonly kind: 'table'; readonly scripts: Map<number, HeapScript> }
  /** Not there, or not readable as one. */
  | { readonly kind: 'none' }
  /** Not read. */
  | { readonly kind: 'too-large'; readonly file: string; readonly bytes: number };

const scriptRow: v.GenericSchema<unknown, HeapScript> = v.object({ scriptId: v.number(), url: v.string(), sourceMapUrl: v.fallback(v.string(), '') });
/** What of a row does not fit leaves that one out. */
const scriptTable = fittingOf(scriptRow);

export function readScriptTable(file: string, mostBytes = mostTableBytes): ScriptTable {
  const read = readRegularTextSync(file, { most: mostBytes, within: [path.dirname(file)] });
  if (!read.ok) return read.error.kind === 'too-large' ? { kind: 'too-large', file, bytes: read.error.bytes } : { kind: 'none' };
  // Where there is none, functions go without places, which whoever shows them says.
  const rows = fittingJson(read.value, scriptTable);
  return rows ? { kind: 'table', scripts: new Map(rows.map((row) => [row.scriptId, row])) } : { kind: 'none' };
}
