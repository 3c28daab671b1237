/** What must hold of an answer of the command line, whatever the file held. */
import { SECRET } from './hostile';
import type { Case } from './make-case';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Outcome = 'opened' | 'refused';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
/** What V8 says of a mistake in code, told as if it was the file's. */
const inCode =
  /Cannot (?:read|set|convert|destructure|mix)|is not a function|is not iterable|Maximum call stack|Invalid (?:array|string|typed array) length|RangeError|TypeError/;

const isJson = ({ ask: { bundle, args } }: Case): boolean =>
  args.includes('--json') ||
  args.includes('--sarif') ||
  (bundle === 'export' && !args.includes('--out') && args.some((arg) => arg === 'speedscope' || arg === 'cpuprofile'));
/** What a terminal shows. */
const isText = (one: Case): boolean => !isJson(one) && (one.ask.bundle !== 'export' || one.ask.args.some((arg) => arg === 'markdown' || arg === 'collapsed'));

const around = (text: string, at: number): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));

function controlIn(where: string, text: string): string[] {
  const at = text.search(control);
  return at < 0 ? [] : [`a control character in ${where}: ${around(text, at)}`];
}

/** What must hold of a text that the language server tells. */
export function judgeText(where: string, text: string): string[] {
  const problems: string[] = [];
  if (inCode.test(text)) problems.push(`a mistake in code told as the file's in ${where}: ${around(text, text.search(inCode))}`);
  if (text.includes(SECRET)) problems.push(`a file outside is shown in ${where}: ${around(text, text.indexOf(SECRET))}`);
  return problems;
}

export const outcomeOf = ({ code }: Answer): Outcome => (code === 2 || code === 4 ? 'refused' : 'opened');

/** Sentences, one for each thing that does not hold. */
export function judge(one: Case, answer: Answer): string[] {
  const { code, stdout, stderr } = answer;
  const problems: string[] = [];
  const bug = stderr.indexOf('this is a bug in Plateau');
  if (bug >= 0) problems.push(`a bug: ${stderr.slice(bug, bug + 900)}`);
  else if (inCode.test(stderr)) problems.push(`a mistake in code told as the file's: ${around(stderr, stderr.search(inCode))}`);
  if (/\(node:\d+\)/.test(stderr)) problems.push(`a warning of Node.js: ${stderr.slice(0, 400)}`);
  if (![0, 1, 3, 4].includes(code)) problems.push(`exit code ${code}: ${stderr.slice(0, 300)}`);
  const isRefused = outcomeOf(answer) === 'refused';
  if (isRefused && !/\S+ \S+ \S+/.test(stderr)) problems.push(`refused without a sentence: ${JSON.stringify(stderr)}`);
  if (isRefused && one.kind.mustOpen && bug < 0) problems.push(`what stands beside it costs the profile: ${stderr.slice(0, 300)}`);
  if (!isRefused && isJson(one)) {
    try {
      JSON.parse(stdout);
    } catch (error) {
      problems.push(`output that is no JSON: ${(error as Error).message} ${stdout.slice(0, 100)}`);
    }
  }
  if (isText(one)) problems.push(...controlIn('standard output', stdout));
  problems.push(...controlIn('standard error', stderr));
  for (const text of [stdout, stderr]) if (text.includes(SECRET)) problems.push(`a file outside is shown: ${around(text, text.indexOf(SECRET))}`);
  if (/\[object Object\]/.test(stderr)) problems.push(`an object in words: ${stderr.slice(0, 300)}`);
  return problems;
}
