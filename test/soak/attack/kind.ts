import { type Below, oneOf } from './pick';

/** A bundle `dist/cli-NAME.cjs`, or the language server. */
export type Bundle = 'analyze' | 'export' | 'heap' | 'rules' | 'server';

/** A command, or requests to the language server. */
export interface Ask {
  readonly bundle: Bundle;
  readonly args: readonly string[];
}

export interface Kind {
  readonly name: string;
  /** By path in the folder of the case. `%WORK%` in a text is that folder. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** Which of them is changed. */
  readonly target: string;
  /** How it is written: what changes to its structure are. */
  readonly shape: 'json' | 'text' | 'pprof' | 'bytes';
  /** Whether it may come packed. */
  readonly isPackable: boolean;
  /** The files besides are whole: whatever the target holds, the command must do its work. */
  readonly mustOpen: boolean;
  /** How often it comes, beside others. */
  readonly weight: number;
  readonly ask: (below: Below) => Ask;
}

const formats = ['html', 'markdown', 'collapsed', 'speedscope', 'pprof', 'cpuprofile'];

/** Ways to look at a profile. */
export function askProfile(file: string, below: Below): Ask {
  const at = below(20);
  if (at < 8) return { bundle: 'analyze', args: [file, '--json'] };
  if (at < 12) return { bundle: 'analyze', args: [file] };
  if (at < 16) return { bundle: 'export', args: [file, '--to', oneOf(formats, below), ...(below(4) === 0 ? ['--out', 'out.written'] : [])] };
  const more = [
    ['--profile', 'merge'],
    ['--thread', 'all', '--json'],
    ['--sarif', '-'],
    ['--top', '3', '--fail-on', 'info', '--all-findings'],
  ];
  return { bundle: 'analyze', args: [file, ...oneOf(more, below)] };
}

/** As `askProfile`; most without the search for patterns, which reads grammars. */
export function askWithSources(file: string, below: Below): Ask {
  return below(12) === 0
    ? askProfile(file, below)
    : { bundle: 'export', args: [file, '--to', oneOf(['collapsed', 'speedscope', 'pprof', 'cpuprofile'], below)] };
}
