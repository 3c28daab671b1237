import path from 'node:path';
import { builtInRules } from '../core/findings/patterns/rules/built-in';
import { describePatternWarning } from '../service/patterns/describe-pattern-warning';
import { describeRuleIssue } from '../service/patterns/describe-rule-issue';
import { loadOwnRules, type OwnRules, rulesFolder } from '../service/patterns/own-rules';
import type { ParsedRule, RuleMistake } from '../service/patterns/parse-rules';
import { type PatternScanner, patternScanner } from '../service/patterns/pattern-scanner';
import { testRule } from '../service/patterns/test-rules';
import { plural, printable, printableJson } from '../shared/format';
import { parseCommand } from './arguments';
import { Exit, UsageError } from './exit-codes';
import { runnable } from './runnable';
import { note, styled, write } from './terminal';

export const run = runnable('rules', rulesCommand);

/** `plateau rules test|list` */
async function rulesCommand([name, ...args]: string[]): Promise<Exit> {
  if (name !== 'test' && name !== 'list')
    throw new UsageError(name === undefined ? 'plateau rules needs a command: test, list.' : `plateau rules has no command "${name}". It has: test, list.`);
  const scanner = patternScanner(__dirname);
  try {
    return await (name === 'test' ? testCommand(args, scanner) : listCommand(args, scanner));
  } finally {
    scanner.dispose();
  }
}

/** `file:line:column: what is wrong`, as compilers write it. */
export const mistakeLine = ({ file, line, column, issue }: RuleMistake): string =>
  `${path.relative(process.cwd(), file) || file}:${line}:${column}: ${describeRuleIssue(issue)}`;

/** The rules of the folder that was given, or of the working folder; undefined where it cannot be read, which has been told. */
async function load(positionals: readonly string[], scanner: PatternScanner): Promise<{ readonly folder: string; readonly own: OwnRules } | undefined> {
  const [given, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`plateau rules takes one folder, not ${more.length + 1}.`);
  const folder = given === undefined ? rulesFolder(process.cwd()) : path.resolve(given);
  const own = await loadOwnRules(folder, scanner);
  if (own) return { folder, own };
  note(`plateau: ${folder} cannot be read as a folder. Name the folder that the rules are in.`);
  return undefined;
}

async function testCommand(args: string[], scanner: PatternScanner): Promise<Exit> {
  const { positionals } = parseCommand({ args, allowPositionals: true, options: {} });
  const loaded = await load(positionals, scanner);
  if (!loaded) return Exit.Input;
  const { folder, own } = loaded;
  for (const mistake of own.mistakes) note(`plateau: ${mistakeLine(mistake)}`);
  if (own.rules.length === 0 && own.mistakes.length === 0) {
    note(`plateau: there are no rules in ${folder}. docs/own-rules.md shows how to write one.`);
    return Exit.Input;
  }
  const counts = { examples: 0, failed: 0 };
  for (const one of own.rules) {
    const { lines, examples, failed } = await reportOf(one, scanner);
    counts.examples += examples;
    counts.failed += failed;
    await write(`${lines.join('\n')}\n`);
  }
  const failed = counts.failed > 0 ? `, ${counts.failed} not as it should be` : '';
  const left = own.mistakes.length > 0 ? `, ${plural(own.mistakes.length, 'mistake')}` : '';
  await write(`${plural(own.rules.length, 'rule')}, ${plural(counts.examples, 'example')}${failed}${left}\n`);
  return own.mistakes.length > 0 ? Exit.Input : counts.failed > 0 ? Exit.Finding : Exit.Fine;
}

/** What the examples of one rule show. */
async function reportOf({ rule, file, line }: ParsedRule, scanner: PatternScanner): Promise<{ lines: string[]; examples: number; failed: number }> {
  const outcomes = await testRule(rule, scanner);
  const failed = outcomes.filter(({ isFine }) => !isFine);
  const where = styled('dim', `${path.relative(process.cwd(), file)}:${line}`);
  if (outcomes.length === 0) return { lines: [`${styled('yellow', 'untested')}  ${rule.id}  ${where}`, '  It has no examples.'], examples: 0, failed: 0 };
  const lines = [`${failed.length === 0 ? styled('green', 'ok') : styled('red', 'failed')}  ${rule.id}  ${where}`];
  for (const { kind, index, warning } of failed) {
    const what = kind === 'bad' ? 'is not found, but must be' : 'is found, but must not be';
    const first = printable(rule.tests[kind][index]?.trim().split('\n')[0] ?? '');
    lines.push(`  ${kind} example ${index + 1} (${first} …) ${warning ? `was not searched: ${describePatternWarning(warning)}` : `${what}.`}`);
  }
  return { lines, examples: outcomes.length, failed: failed.length };
}

async function listCommand(args: string[], scanner: PatternScanner): Promise<Exit> {
  const { values, positionals } = parseCommand({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
  const loaded = await load(positionals, scanner);
  if (!loaded) return Exit.Input;
  const { own } = loaded;
  for (const mistake of own.mistakes) note(`plateau: ${mistakeLine(mistake)}`);
  const all = [...builtInRules.map((rule) => ({ rule, file: undefined })), ...own.rules.map(({ rule, file }) => ({ rule, file }))];
  if (values.json) {
    const rules = all.map(({ rule: { id, languages, title, gate, effect, safety }, file }) => ({
      id,
      languages,
      title,
      gate,
      effect,
      safety,
      isOwn: file !== undefined,
      file,
    }));
    await write(`${printableJson({ schema: 1, rules }, 1)}\n`);
  } else {
    const width = all.reduce((most, { rule }) => Math.max(most, rule.id.length), 0);
    const lines = all.map(({ rule, file }) => {
      const of = styled('dim', `${rule.languages.join(', ')}${file === undefined ? '' : ` · ${path.relative(process.cwd(), file)}`}`);
      return `${rule.id.padEnd(width)}  ${printable(rule.title)}  ${of}`;
    });
    await write(`${lines.join('\n')}\n`);
  }
  return own.mistakes.length > 0 ? Exit.Input : Exit.Fine;
}
