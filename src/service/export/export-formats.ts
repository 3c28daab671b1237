import fs from 'node:fs/promises';
import path from 'node:path';
import { writeCollapsed } from '../../core/formats/write/collapsed';
import { writeCpuProfile } from '../../core/formats/write/cpuprofile-write';
import { writeSpeedscope } from '../../core/formats/write/speedscope';
import type { ExportIssue } from '../../shared/issue';
import { err, ok, type Result } from '../../shared/result';
import type { OpenedProfile } from '../profile/opened-profile';
import { packedPprof } from '../profile/packed-pprof';
import { writeReport } from './report-html';
import { writeMarkdown } from './report-markdown';

/** What writers know besides the profile. */
export interface ExportContext {
  /** The folder of the running bundle (`dist`), which has the report's script and style. */
  readonly bundleFolder: string;
  readonly version: string;
  /** Paths inside of these folders are shown from there. */
  readonly roots: readonly string[];
}

/** Chunks of a file: text or bytes, made as they are asked for. */
export type Chunks = Iterable<string | Uint8Array>;

export interface ExportFormat {
  /** As `--to` takes it. */
  readonly name: string;
  /** As a menu shows it. */
  readonly label: string;
  /** What it is, in a few words; for the help text and the menu. */
  readonly description: string;
  readonly extension: string;
  /** What shows the file: a browser, a text editor, or another program. */
  readonly opensIn: 'browser' | 'editor' | 'other';
  /** Whether it tells findings, which take a while to find. */
  readonly hasFindings?: boolean;
  /** Whether it can be read in a terminal. */
  readonly isForTerminal: boolean;
  write(profile: OpenedProfile, context: ExportContext): Chunks | Result<Chunks, ExportIssue> | Promise<Result<Chunks, ExportIssue>>;
}

/** Every format that a profile can be written in; a new one is an entry here, and shows in the command line, its help and the editor. */
export const exportFormats: readonly ExportFormat[] = [
  {
    name: 'html',
    label: 'Report',
    description: 'one HTML file for any browser: findings, flame graph, tables',
    extension: 'html',
    opensIn: 'browser',
    isForTerminal: false,
    hasFindings: true,
    write: reportChunks,
  },
  {
    name: 'markdown',
    label: 'Markdown summary',
    description: 'findings and the costliest functions and lines, for a pull request',
    extension: 'md',
    opensIn: 'editor',
    isForTerminal: true,
    hasFindings: true,
    write: (profile, context) => [writeMarkdown(profile, context)],
  },
  {
    name: 'collapsed',
    label: 'Collapsed stacks',
    description: 'one line a stack, weights in microseconds (flamegraph.pl, inferno); without idle time',
    extension: 'collapsed.txt',
    opensIn: 'editor',
    isForTerminal: true,
    write: ({ tables }) => writeCollapsed(tables),
  },
  {
    name: 'speedscope',
    label: 'speedscope',
    description: "speedscope's JSON (https://www.speedscope.app)",
    extension: 'speedscope.json',
    opensIn: 'editor',
    isForTerminal: true,
    write: ({ tables, file }, { version }) => writeSpeedscope(tables, path.basename(file), `plateau ${version}`),
  },
  {
    name: 'pprof',
    label: 'pprof',
    description: 'compressed with gzip, for go tool pprof and what takes its files; without idle time',
    extension: 'pb.gz',
    opensIn: 'other',
    isForTerminal: false,
    write: ({ tables }) => [packedPprof(tables)],
  },
  {
    name: 'cpuprofile',
    label: '.cpuprofile',
    description: "V8's own JSON, for Chrome DevTools; of other formats what fits into it, times only",
    extension: 'cpuprofile',
    opensIn: 'editor',
    isForTerminal: true,
    write: ({ tables }) => (tables.unit === 'microseconds' ? writeCpuProfile(tables) : err({ kind: 'no-times', unit: tables.unit, formats: unitFormats })),
  },
];

/** What keeps bytes and counts as they are, to be read on. */
const unitFormats = ['pprof', 'speedscope', 'collapsed'];

export const exportFormat = (name: string | undefined): ExportFormat | undefined => exportFormats.find((format) => format.name === name);

/** `app.cpuprofile` -> `app.html`, in the profile's folder; never the profile's own path. */
export function exportPath(file: string, { extension }: ExportFormat): string {
  const base = file.replace(/\.(?:cpuprofile|json)$/i, '');
  const out = `${base}.${extension}`;
  return out === file ? `${base}-exported.${extension}` : out;
}

async function reportChunks(profile: OpenedProfile, { bundleFolder, version, roots }: ExportContext): Promise<Result<Chunks, ExportIssue>> {
  const texts: string[] = [];
  for (const name of ['report.js', 'report.css']) {
    const file = path.join(bundleFolder, name);
    const part = await fs.readFile(file, 'utf8').catch(() => undefined);
    if (part === undefined) return err({ kind: 'parts-missing', file });
    texts.push(part);
  }
  const [script = '', style = ''] = texts;
  return ok([writeReport(profile, { script, style, version, date: new Date(), roots })]);
}
