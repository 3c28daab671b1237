import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { GenericSchema } from 'valibot';
import { describe, expect, test } from 'vitest';
import { namedThresholds } from '../../src/cli/arguments';
import { defaultThresholds, isCount, settingOf, thresholdNames } from '../../src/core/findings/thresholds';
import { settingSchemas, thresholdSchemas } from '../../src/protocol/setting-schemas';
import { defaultSettings, readSettings, thresholdsOf } from '../../src/server/settings';
import { checkValue } from '../../src/shared/schemas/read-json';
import { root } from '../support/run';

type Property = { default: number; type: string; maximum?: number; markdownDescription: string };
const sections = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).contributes.configuration as {
  title: string;
  properties: Record<string, Property>;
}[];
const properties: Record<string, Property> = Object.assign({}, ...sections.map((section) => section.properties));

describe('settings have schemas', () => {
  const schemas: Readonly<Record<string, GenericSchema>> = { ...settingSchemas, ...thresholdSchemas };
  test('all of them, and no others', () => {
    expect(Object.keys(schemas).sort()).toEqual(
      Object.keys(properties)
        .map((name) => name.replace('plateau.', ''))
        .sort(),
    );
  });
  test.each(Object.keys(schemas))('%s: its default fits, and no value of another type', (name) => {
    const property = properties[`plateau.${name}`];
    expect(checkValue(property?.default, schemas[name] as GenericSchema).ok).toBe(true);
    const isText = property?.type === 'string';
    for (const wrong of [
      null,
      {},
      Number.NaN,
      Number.POSITIVE_INFINITY,
      ...(isText ? [3, ['x'], '', 'a\nb'] : ['x', -1]),
      ...(property?.type === 'boolean' ? [0] : [true]),
    ])
      expect(checkValue(wrong, schemas[name] as GenericSchema).ok, String(wrong)).toBe(false);
  });
});

describe('thresholds', () => {
  test.each(thresholdNames)('%s is a setting with the same default', (name) => {
    const setting = properties[`plateau.findings.${name}`];
    expect(setting?.default).toBe(settingOf(name, defaultThresholds[name]));
    expect(setting?.type).toBe(isCount(name) ? 'integer' : 'number');
    expect(setting?.maximum).toBe(isCount(name) ? undefined : 100);
  });
  test('and no setting is for nothing', () => {
    const names: readonly string[] = thresholdNames;
    for (const key of Object.keys(properties)) {
      const [, name] = /^plateau\.findings\.(\w+)$/.exec(key) ?? [];
      if (name !== undefined && typeof properties[key]?.default === 'number') expect(names).toContain(name);
    }
  });
  test('what a client sends is taken where it fits', () => {
    expect(thresholdsOf(defaultSettings)).toEqual(defaultThresholds);
    const settings = readSettings({ thresholds: { idle: 90, gc: 101, plateau: '30', recursionDepth: 200, minSamples: Number.NaN } });
    expect(thresholdsOf(settings)).toEqual({ ...defaultThresholds, idle: 0.9, recursionDepth: 200 });
    expect(thresholdsOf(readSettings({}, settings)).idle, 'what is not sent stays').toBe(0.9);
    for (const damaged of [null, 3, 'x', [], { thresholds: null }, { thresholds: 'x' }]) expect(thresholdsOf(readSettings(damaged))).toEqual(defaultThresholds);
  });
  test('--threshold NAME=VALUE', () => {
    expect(namedThresholds(['idle=90', 'recursionDepth=200', 'gc=12.5%'])).toEqual({ idle: 0.9, recursionDepth: 200, gc: 0.125 });
    for (const wrong of ['idle', 'idle=', 'idle=x', 'idle=200', 'toString=1', '=3', 'recursionDepth=1.5', 'minSamples=-1'])
      expect(() => namedThresholds([wrong]), wrong).toThrow(/threshold/);
  });
});

/** Every `rule: 'name'` of the rules' sources. */
function ruleNames(): string[] {
  const sources = path.join(root, 'src', 'core', 'findings');
  const files = [...readdirSync(path.join(sources, 'rules')).map((name) => path.join(sources, 'rules', name)), path.join(sources, 'runtime-work.ts')];
  return files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\brule: '([a-z-]+)'/g)].map(([, name]) => name as string));
}

test('every rule has its page, linked from the index, and no page is for nothing', () => {
  const names = ruleNames();
  expect(names.length).toBeGreaterThan(15);
  const pages = path.join(root, 'docs', 'findings');
  const index = readFileSync(path.join(pages, 'README.md'), 'utf8');
  for (const name of names) {
    expect(existsSync(path.join(pages, `${name}.md`)), name).toBe(true);
    expect(index).toContain(`(${name}.md)`);
  }
  expect(readdirSync(pages).filter((file) => file !== 'README.md' && !names.includes(file.replace(/\.md$/, '')))).toEqual([]);
});

test('every setting is on the page of settings, with its default', () => {
  const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const settings = Object.entries<{ default: unknown }>(Object.assign({}, ...[contributes.configuration].flat().map(({ properties }) => properties)));
  expect(settings.length).toBeGreaterThan(20);
  const page = readFileSync(path.join(root, 'docs', 'settings.md'), 'utf8');
  for (const [name, { default: value }] of settings) {
    const text = Array.isArray(value) && value.length === 0 ? 'none' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
    expect(page, name).toContain(`\n| \`${name}\` | ${text} | `);
  }
});
