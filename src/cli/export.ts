import fs from 'node:fs/promises';
import path from 'node:path';
import { defaultThresholds } from '../core/findings/thresholds';
import { writeCollapsed } from '../core/formats/collapsed';
import { writeCpuProfile } from '../core/formats/cpuprofile-write';
import { writeSpeedscope } from '../core/formats/speedscope';
import type { ProfileTables } from '../core/profile/tables';
import { packedPprof } from '../service/packed-pprof';
import { oneFile, parseCommand } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { loadProfile, profileSelection } from './load';
import { note, write } from './terminal';
import { version } from './version';

/** The parts of a file, to be written one after the other. */
type Writer = (tables: ProfileTables, name: string) => Iterable<string | Uint8Array>;

const writers: Readonly<Record<string, Writer>> = {
  collapsed: writeCollapsed,
  speedscope: (tables, name) => writeSpeedscope(tables, name, `plateau ${version}`),
  pprof: (tables) => [packedPprof(tables)],
  cpuprofile: writeCpuProfile,
};

export async function exportProfile(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({
    args,
    allowPositionals: true,
    options: { to: { type: 'string' }, out: { type: 'string' }, force: { type: 'boolean' }, profile: { type: 'string' } },
  });
  const file = oneFile('export', positionals);
  const { to, out, force } = values;
  const writer = to !== undefined && Object.hasOwn(writers, to) ? writers[to] : undefined;
  if (!writer) throw new UsageError(`--to takes collapsed, speedscope, pprof or cpuprofile${to === undefined ? '' : `, not "${to}"`}.`);
  const profile = await loadProfile(file, defaultThresholds, profileSelection(values.profile));
  if (!profile) return Exit.Input;
  const chunks = writer(profile.tables, path.basename(file));
  if (out === undefined) {
    for (const chunk of batched(chunks)) await write(chunk);
    return Exit.Fine;
  }
  const handle = await fs.open(out, force ? 'w' : 'wx').catch((error: NodeJS.ErrnoException) => {
    note(
      error.code === 'EEXIST'
        ? `plateau: ${out} exists already; give another --out, or --force to overwrite it.`
        : `plateau: ${out} cannot be written: ${error.message}`,
    );
    return undefined;
  });
  if (!handle) return Exit.Input;
  try {
    for (const chunk of batched(chunks)) await handle.write(chunk);
  } finally {
    await handle.close();
  }
  note(`Written to ${out}`);
  return Exit.Fine;
}

/** Small chunks together, so that a write is worth its call. */
function* batched(chunks: Iterable<string | Uint8Array>): Generator<Uint8Array> {
  let batch = '';
  for (const chunk of chunks) {
    if (typeof chunk !== 'string') {
      yield chunk;
      continue;
    }
    batch += chunk;
    if (batch.length < 1 << 18) continue;
    yield Buffer.from(batch);
    batch = '';
  }
  if (batch !== '') yield Buffer.from(batch);
}
