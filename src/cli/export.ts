import fs from 'node:fs/promises';
import path from 'node:path';
import { defaultThresholds } from '../core/findings/thresholds';
import { writeCollapsed } from '../core/formats/collapsed';
import { writeSpeedscope } from '../core/formats/speedscope';
import { oneFile, parseCommand } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { loadProfile } from './load';
import { note, write } from './terminal';
import { version } from './version';

export async function exportProfile(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({
    args,
    allowPositionals: true,
    options: { to: { type: 'string' }, out: { type: 'string' }, force: { type: 'boolean' } },
  });
  const file = oneFile('export', positionals);
  const { to, out, force } = values;
  if (to !== 'collapsed' && to !== 'speedscope') throw new UsageError(`--to takes collapsed or speedscope${to === undefined ? '' : `, not "${to}"`}.`);
  const profile = await loadProfile(file, defaultThresholds);
  if (!profile) return Exit.Input;
  const chunks = to === 'collapsed' ? writeCollapsed(profile.tables) : writeSpeedscope(profile.tables, path.basename(file), `plateau ${version}`);
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
function* batched(chunks: Iterable<string>): Generator<string> {
  let batch = '';
  for (const chunk of chunks) {
    batch += chunk;
    if (batch.length < 1 << 18) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}
