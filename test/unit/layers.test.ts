import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** Who may import whom; `ARCHITECTURE.md` draws it. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  core: ['shared'],
  files: ['shared'],
  capture: ['shared', 'core', 'files'],
  source: ['shared', 'core', 'files'],
  service: ['shared', 'core', 'files', 'capture', 'source'],
  protocol: ['shared', 'core'],
  server: ['shared', 'core', 'files', 'capture', 'source', 'service', 'protocol'],
  extension: ['shared', 'core', 'files', 'protocol'],
  cli: ['shared', 'core', 'files', 'capture', 'source', 'service'],
  webview: ['shared', 'core', 'protocol'],
};
const packages: Readonly<Record<string, RegExp>> = {
  shared: /^valibot$/, // pure: schemas of what is read
  core: /^(pprof-format|valibot|scslre)$/, // pure: bytes to objects and back, what a regular expression can cost
  protocol: /^valibot$/,
  webview: /^(d3|d3-flame-graph|valibot|\.\/style\.css)$/,
  extension: /^(vscode|valibot|vscode-languageclient\/node|node:.*)$/,
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    return statSync(file).isDirectory() ? files(file) : /(?<!\.d)\.ts$/.test(name) ? [file] : [];
  });
}

function importsOf(file: string, text = readFileSync(file, 'utf8')): Import[] {
  const found = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[\w*{][^'";]*?\sfrom\s+)?'([^'\n]+)'/gm);
  return [...found].map((match) => ({ from: file, to: match[2] as string, isType: match[1] !== undefined }));
}

const layerOf = (file: string): string => {
  const [first, second] = path.relative(root, file).split(path.sep);
  return first === 'src' ? (second as string) : (first as string);
};
const targetOf = ({ from, to }: Import): string => `${path.resolve(path.dirname(from), to)}.ts`;

const sources = [...files(path.join(root, 'src')), ...files(path.join(root, 'webview'))];
const imports = sources.flatMap((file) => importsOf(file));

function forbidden(list: readonly Import[]): string[] {
  return list.flatMap((one) => {
    const layer = layerOf(one.from);
    const where = path.relative(root, one.from);
    if (!one.to.startsWith('.')) {
      const rule = packages[layer];
      if (rule && !one.isType && !rule.test(one.to)) return [`${where} imports the package ${one.to}`];
      if (one.to === 'vscode' && layer !== 'extension') return [`${where} imports vscode`];
      return [];
    }
    if (one.to.endsWith('.css')) return [];
    const target = layerOf(targetOf(one));
    return target === layer || allowed[layer]?.includes(target) ? [] : [`${where} imports ${target}`];
  });
}

test('no import goes against the layers', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(imports.length).toBeGreaterThan(200);
  expect(forbidden(imports)).toEqual([]);
});

test('the check sees a forbidden import', () => {
  const file = path.join(root, 'src/core/profile/tables.ts');
  const bad = importsOf(file, "import { launch } from '../../capture/spawn';\nimport fs from 'node:fs';\n");
  expect(forbidden(bad)).toEqual(['src/core/profile/tables.ts imports capture', 'src/core/profile/tables.ts imports the package node:fs']);
});

test('no file imports itself through others', () => {
  const graph = new Map<string, string[]>();
  for (const one of imports) if (one.to.startsWith('.') && !one.isType) graph.set(one.from, [...(graph.get(one.from) ?? []), targetOf(one)]);
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...trail.slice(trail.indexOf(file)), file].map((one) => path.relative(root, one)).join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of sources) visit(file, []);
  expect(cycles).toEqual([]);
});

test.each(['src/service', 'src/capture', 'src/source', 'src/core/heap', 'src/core/findings/patterns', 'src/core/profile', 'webview'])(
  'folders of %s that are beside each other do not import each other in a circle',
  (parent) => {
    const folder = path.join(root, parent);
    const roomOf = (file: string): string | undefined => {
      const parts = path.relative(folder, file).split(path.sep);
      return parts.length > 1 && parts[0] !== '..' ? parts[0] : undefined;
    };
    const arrows = new Map<string, Set<string>>();
    for (const one of imports) {
      const [from, to] = [roomOf(one.from), one.to.startsWith('.') ? roomOf(targetOf(one)) : undefined];
      if (from !== undefined && to !== undefined && from !== to) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
    expect(arrows.size).toBeGreaterThan(0);
    const reaches = (from: string, wanted: string, seen = new Set<string>()): boolean =>
      [...(arrows.get(from) ?? [])].some((next) => next === wanted || (!seen.has(next) && reaches(next, wanted, seen.add(next))));
    expect([...arrows.keys()].filter((room) => reaches(room, room))).toEqual([]);
  },
);

test('no folder has more than 25 source files', () => {
  const counts = new Map<string, number>();
  for (const file of sources) counts.set(path.dirname(file), (counts.get(path.dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 25).map(([folder, count]) => `${path.relative(root, folder)}: ${count}`)).toEqual([]);
});
