import { defaultThresholds } from '../core/findings/thresholds';
import { describeExportIssue } from '../service/export/describe-export-issue';
import { exportFormat, exportFormats, exportPath } from '../service/export/export-formats';
import { exportChunks, exportProfile } from '../service/export/export-profile';
import { withOpenFindings } from '../service/findings/all-findings';
import { version } from '../service/support/version';
import type { ExportIssue } from '../shared/issue';
import { oneFile, parseCommand } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { findAll } from './findings';
import { loadProfile } from './load';
import { runnable } from './runnable';
import { note, write } from './terminal';
import { threadOptions, wantedProfile } from './threads';

export const run = runnable('export', exportCommand);

async function exportCommand(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({
    args,
    allowPositionals: true,
    options: { to: { type: 'string' }, out: { type: 'string' }, force: { type: 'boolean' }, ...threadOptions },
  });
  const file = oneFile('export', positionals);
  const { to, out } = values;
  const format = exportFormat(to);
  if (!format) throw new UsageError(`--to takes ${listed(exportFormats.map(({ name }) => name))}${to === undefined ? '' : `, not "${to}"`}.`);
  if (out === undefined && !format.isForTerminal && process.stdout.isTTY)
    throw new UsageError(`${format.name} is nothing to read in a terminal: give --out ${exportPath(file, format)}, or a pipe.`);
  const profile = await loadProfile(file, defaultThresholds, wantedProfile(values));
  if (!profile) return Exit.Input;
  const open = format.hasFindings ? withOpenFindings(profile, await findAll(profile)) : profile;
  const context = { bundleFolder: __dirname, version, roots: [process.cwd()] };
  if (out !== undefined) {
    const done = await exportProfile(open, format, { out, overwrite: values.force === true }, context);
    if (!done.ok) return failed(done.error);
    note(`Written to ${out}`);
    return Exit.Fine;
  }
  const chunks = await exportChunks(open, format, context);
  if (!chunks.ok) return failed(chunks.error);
  for (const chunk of chunks.value) await write(chunk);
  return Exit.Fine;
}

function failed(issue: ExportIssue): Exit {
  note(`plateau: ${describeExportIssue(issue)}`);
  return Exit.Input;
}

/** `a, b or c`. */
const listed = (names: readonly string[]): string => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
