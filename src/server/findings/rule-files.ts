/** Rules of the user's own: read from every workspace folder, and what is wrong with them as diagnostics at its place. */
import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver/node';
import type { OwnRule } from '../../core/findings/patterns/check-rule';
import { describeRuleIssue } from '../../service/patterns/describe-rule-issue';
import { isRulesFile, loadOwnRules, type OwnRules, rulesFolder, stampOfRules } from '../../service/patterns/own-rules';
import type { RuleMistake } from '../../service/patterns/parse-rules';
import type { PatternScanner } from '../../service/patterns/pattern-scanner';
import { uriOfFile } from '../sources';

export interface RuleFiles {
  /** The rules as they are saved. */
  rules(): Promise<readonly OwnRule[]>;
  /** Reads the files anew. */
  reload(): void;
  /** Reads the files anew if one that was read is another now, or gone. */
  look(): Promise<void>;
  /** Looks at what is wrong in a text that is being edited; other files are none of its business. */
  edited(file: string): void;
}

/** Milliseconds that a text must rest before it is looked at. */
const REST_MS = 200;

export function ruleFiles(context: {
  readonly scanner: PatternScanner;
  roots(): readonly string[];
  /** The text of an open document. */
  openText(file: string): string | undefined;
  publish(uri: string, diagnostics: Diagnostic[]): void;
  /** The saved rules are others than before. */
  changed(): void;
}): RuleFiles {
  let saved: Promise<readonly OwnRule[]> | undefined;
  /** Of the files as they were read; empty for none. */
  let stamp = '';
  let published = new Set<string>();
  let resting: NodeJS.Timeout | undefined;
  let publishing: Promise<void> = Promise.resolve();

  const load = async (textOf?: (file: string) => string | undefined): Promise<OwnRules[]> => {
    const loaded = await Promise.all(context.roots().map((root) => loadOwnRules(rulesFolder(root), context.scanner, textOf)));
    return loaded.flatMap((one) => one ?? []);
  };
  const currentStamp = async (): Promise<string> => (await Promise.all(context.roots().map((root) => stampOfRules(rulesFolder(root))))).join('\n').trim();
  const read = async (): Promise<readonly OwnRule[]> => {
    // Before they are read: what changes meanwhile is another file.
    stamp = await currentStamp();
    return (await load()).flatMap(({ rules }) => rules.map(({ rule }) => rule));
  };
  const publish = async (): Promise<void> => {
    const mistakes = (await load(context.openText)).flatMap((one) => one.mistakes);
    const byFile = new Map<string, Diagnostic[]>();
    for (const one of mistakes) byFile.set(one.file, [...(byFile.get(one.file) ?? []), diagnosticOf(one)]);
    for (const file of published) if (!byFile.has(file)) context.publish(uriOfFile(file), []);
    for (const [file, diagnostics] of byFile) context.publish(uriOfFile(file), diagnostics.slice(0, 100));
    published = new Set(byFile.keys());
  };
  const publishLater = (): void => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      publishing = publishing.then(publish).catch(() => {}); // the next change tries again
    }, REST_MS);
  };

  const reload = (): void => {
    const before = saved;
    const now = read();
    saved = now;
    publishLater();
    void Promise.all([before, now]).then(
      ([old = [], rules]) => {
        if (JSON.stringify(old) !== JSON.stringify(rules)) context.changed();
      },
      () => {}, // told where the rules are asked for
    );
  };

  return {
    rules: () => (saved ??= read()),
    reload,
    async look() {
      if (stamp !== '' && (await currentStamp()) !== stamp) reload();
    },
    edited(file) {
      if (isRulesFile(file)) publishLater();
    },
  };
}

function diagnosticOf({ line, column, endLine, endColumn, issue }: RuleMistake): Diagnostic {
  return {
    range: { start: { line: line - 1, character: column - 1 }, end: { line: endLine - 1, character: endColumn - 1 } },
    severity: DiagnosticSeverity.Error,
    source: 'Plateau',
    code: issue.kind,
    message: describeRuleIssue(issue),
  };
}
