import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type Import, readAnyProfile } from '../../src/core/formats/read/read-any';
import type { BuiltProfile } from '../../src/core/profile/build/build-tables';
import { checkTables } from '../../src/core/profile/check-tables';
import { functionCosts } from '../../src/core/profile/costs/function-costs';
import { lineCosts } from '../../src/core/profile/costs/line-costs';
import { functionAt, type ProfileTables } from '../../src/core/profile/tables';
import { functionIndex } from '../../src/shared/brands';
import { bytesOf } from './raw-profile';
import { root } from './run';

export const fixture = (name: string): Uint8Array => fs.readFileSync(path.join(root, 'test/fixtures/formats', name));

/** Reads what must open, and checks what holds for every profile. */
export function readAny(value: unknown): Import {
  const result = readAnyProfile(value instanceof Uint8Array ? value : bytesOf(value));
  if (!result.ok) throw new Error(`does not open: ${JSON.stringify(result.error)}`);
  for (const { name, built } of result.value.profiles) {
    const broken = checkTables(built.tables);
    if (broken.length > 0) throw new Error(`${name}: not true: ${broken[0]}`);
  }
  return result.value;
}

export function mainOf(file: Import): BuiltProfile {
  return (file.profiles[file.main] as { built: BuiltProfile }).built;
}

export interface Cost {
  readonly self: number;
  readonly total: number;
}

/** Self and total of each function with a cost, by `name url:line` (lines from 1); namesakes together. */
export function costsByFunction(tables: ProfileTables, keyOf = functionKey): Map<string, Cost> {
  const costs = functionCosts(tables);
  const found = new Map<string, Cost>();
  for (let func = 0; func < tables.functions.length; func++) {
    const key = keyOf(tables, func);
    const self = costs.self[func] as number;
    const total = costs.total[func] as number;
    if (total === 0) continue;
    const before = found.get(key) ?? { self: 0, total: 0 };
    found.set(key, { self: before.self + self, total: before.total + total });
  }
  return found;
}

export function functionKey(tables: ProfileTables, func: number): string {
  const { name, url, line } = functionAt(tables, functionIndex(func));
  return `${name === '' ? '(anonymous)' : name} ${url}:${line + 1}`;
}

/** `file:line self` of every line with a cost, in order. */
export function linesOf(tables: ProfileTables): string[] {
  return lineCosts(tables).map(({ func, line, self }) => `${functionAt(tables, functionIndex(func)).url}:${line} ${Math.round(self * 1000) / 1000}`);
}

/** A call tree as text, without the root: `main 8 (0)` is total and own cost. */
export function stacksText({ tables: { nodes, functions, strings } }: BuiltProfile): string {
  const lines: string[] = [];
  for (let i = 1; i < nodes.length; i++) {
    const name = strings.at(functions.name[nodes.func[i] as number] as number) || '(anonymous)';
    lines.push(`${'  '.repeat((nodes.depth[i] as number) - 1)}${name} ${nodes.total[i]} (${nodes.self[i]})`);
  }
  return lines.join('\n');
}

const program = `
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
const kept = [];
function keep() {
  kept.push(new Array(500).fill({}));
}
const end = performance.now() + 150;
while (performance.now() < end) {
  fib(16);
  if (kept.length < 4000) keep();
  [3, 1, 2].sort();
  'a b'.replace(/\\s+/g, '"');
}
`;

/** Runs a program under a Node.js with these options, in a folder of its own. */
export function runProgram(folder: string, options: readonly string[]): void {
  fs.writeFileSync(path.join(folder, 'main.mjs'), program);
  execFileSync(process.execPath, [...options, 'main.mjs'], { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'ignore' });
}
