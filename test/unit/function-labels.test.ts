import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { frameLabel } from '../../src/core/findings/explain';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { labelsIn, withLabels } from '../../src/core/profile/labels';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import { flameModel } from '../../src/core/profile/views/flame-model';
import { parseQuery, searchProfile } from '../../src/core/profile/views/search';
import { isOwnCategory, transformProfile } from '../../src/core/profile/views/transform';
import { openProfile } from '../../src/service/profile/opened-profile';
import { asWritten } from '../../src/source/as-written';
import { fileLocator } from '../../src/source/maps/locate';
import { parseFunctions } from '../../src/source/parse/parse-functions';
import { readOk } from '../support/raw-profile';
import { temporaryFolder } from '../support/run';

describe('what stands in for a name', () => {
  test.each([
    // As TypeScript's outline has it: `tsserver`'s navigation tree of these texts.
    ['rows.map((row) => row.id);', ['rows.map() callback']],
    ['this.items.filter(Boolean).map(function () { return 1; });', ['map() callback']],
    ['describe("cart", () => { it(`adds`, async () => {}); });', ['describe("cart") callback', 'it(`adds`) callback']],
    ["app.get('/orders', auth, (request, response) => {});", ["app.get('/orders') callback"]],
    ['useEffect(() => {}, []);', ['useEffect() callback']],
    ['list?.forEach((one) => one);', ['list.forEach() callback']],
    ['a.b!.c.sort((x, y) => x - y);', ['a.b.c.sort() callback']],
    ['rows.map(((row) => row) as never);', ['rows.map() callback']],
    // What it has nothing for.
    ['new Promise((resolve) => resolve(1));', ['new Promise() callback']],
    ['rows[0]((row) => row);', [undefined]],
    ['(function () {})(); (() => {})();', [undefined, undefined]],
    ['export const make = () => () => 1;', [undefined]],
    ['f(a ? () => 1 : () => 2);', [undefined, undefined]],
    [`f(${JSON.stringify('x'.repeat(50))}, () => 1);`, ['f() callback']],
  ])('%s', (text, roles) => {
    const nameless = parseFunctions(text, 'a.ts')?.filter(({ name }) => name === '');
    expect(nameless?.map(({ role }) => role)).toEqual(roles);
  });

  test.each([
    ['function Cart() { return <b onClick={() => pay()} />; }', 'onClick in Cart'],
    ['const Cart = () => <ul>{rows.map((row) => <b onClick={function () { pay(row); }} />)}</ul>;', 'onClick in Cart'],
    ['class Cart { render() { return <b onClick={() => pay()} />; } }', 'onClick in Cart.render'],
    ['exports.Cart = function () { return <b on:click={() => pay()} />; };', 'on:click in Cart'],
    ['export default () => <b onClick={() => pay()} />;', 'onClick'],
    ['const a = <b onClick={debounce(() => pay())} />;', 'debounce() callback'],
  ])('%s', (text, role) => expect(parseFunctions(text, 'a.jsx')?.at(-1)?.role).toBe(role));

  test('a named function has none', () => {
    for (const one of parseFunctions('rows.map(function each() {}); const f = () => 1; class A { m() {} }', 'a.js') ?? []) expect(one.role).toBeUndefined();
  });

  test('thousands of calls in a chain are no deeper than one', () => {
    const role = parseFunctions(`a${'.b'.repeat(3000)}(() => 1)`, 'a.js')?.at(-1)?.role;
    expect(role).toBe(`a${'.b'.repeat(3000)}() callback`);
  });
});

const folder = temporaryFolder();
afterAll(() => folder.remove());
const spin = 'const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };\n';

/** What the functions of a script are shown as, once V8 has profiled it. */
function shown(script: string): { readonly names: string[]; readonly profile: ReturnType<typeof openProfile> } {
  const out = path.join(folder.path, `profiles-${path.basename(script)}`);
  execFileSync(process.execPath, ['--cpu-prof', '--cpu-prof-interval', '200', '--cpu-prof-dir', out, script], { cwd: folder.path });
  const built = readOk(readFileSync(path.join(out, readdirSync(out)[0] as string)));
  const tables = asWritten(built.tables);
  const context = { thresholds: defaultThresholds, locator: fileLocator([folder.path]), info: undefined };
  const profile = openProfile(path.join(out, 'p.cpuprofile'), { ...built, tables }, context);
  const names = Array.from(profile.tables.functions.name.keys(), (func) => frameLabel(profile.tables, func as never));
  return { names, profile };
}

describe('a profile of V8', () => {
  const text = `${spin}export const make = () => () => spin(60);
const rows = [1, 2, 3];
rows.map((row) => { spin(30); return row; });
rows
  .filter(Boolean)
  .forEach(function () { spin(30); });
make()();
`;

  test('functions without a name are shown by what they are passed to', () => {
    const script = folder.file('plain.mjs', text);
    const { names, profile } = shown(script);
    expect(names).toEqual(expect.arrayContaining(['rows.map() callback', 'forEach() callback', '(anonymous) plain.mjs:2', 'spin', 'plain.mjs']));
    // Found by what is seen; and V8's own names stay where names are compared.
    const { tables, costs } = profile;
    const find = (search: string): number => {
      const query = parseQuery(search);
      return query.kind === 'query' ? searchProfile(tables, costs, flameModel(tables), query.terms).functions : -1;
    };
    expect([find('rows.map'), find('fn:/^forEach\\(\\)/'), find('file:callback')]).toEqual([1, 1, 0]);
    expect([...tables.functions.name].filter((row) => tables.strings.at(row).includes('callback'))).toEqual([]);
  });

  test('a source that is not there, or has something else in that place, gives no name', () => {
    const script = folder.file('gone.mjs', text);
    const { names } = shown(script);
    expect(names).toContain('rows.map() callback');
    writeFileSync(script, text.replace('rows.map((row) =>', 'rows.map(  (row) =>'));
    const out = path.join(folder.path, 'profiles-gone.mjs');
    const built = readOk(readFileSync(path.join(out, readdirSync(out)[0] as string)));
    const again = (): string[] => {
      const context = { thresholds: defaultThresholds, locator: fileLocator([folder.path]), info: undefined };
      const { tables } = openProfile('p.cpuprofile', built, context);
      return Array.from(tables.functions.name.keys(), (func) => frameLabel(tables, func as never));
    };
    expect(again()).toEqual(expect.arrayContaining(['(anonymous) gone.mjs:4', 'forEach() callback']));
    writeFileSync(script, '');
    expect(again().filter((name) => name.includes('callback'))).toEqual([]);
  });

  test('a source map leads to the source, its text in the map or in a file', () => {
    const source = `${spin}const h = (tag, props) => { props?.onClick?.(); return tag; };
export function Cart() {
  return <button onClick={() => spin(40)}>{[1, 2].map((one) => { spin(20); return <b>{one}</b>; })}</button>;
}
Cart();
`;
    for (const isMinified of [false, true]) {
      const { code, map } = transformSync(source, {
        loader: 'jsx',
        jsxFactory: 'h',
        format: 'esm',
        sourcemap: 'external',
        sourcefile: isMinified ? 'inside.jsx' : 'cart.jsx',
        sourcesContent: isMinified,
        minify: isMinified,
      });
      const name = isMinified ? 'inside' : 'cart';
      if (!isMinified) folder.file('cart.jsx', source);
      folder.file(`${name}.mjs.map`, map);
      const { names } = shown(folder.file(`${name}.mjs`, `${code}\n//# sourceMappingURL=${name}.mjs.map\n`));
      expect(names, name).toEqual(expect.arrayContaining(['onClick in Cart', 'map() callback']));
    }
  });
});

test('labels outlive transforms, and a slab is without them', () => {
  const { profile } = shown(folder.file('kept.mjs', `${spin}[1].map(() => spin(60));\n`));
  const { tables } = profile;
  const labels = labelsIn(tables);
  expect(labels.map(([, text]) => text)).toContain('map() callback');
  const [func] = labels[0] as [number, string];
  const url = tables.functions.url[func] as number;
  const { tables: collapsed } = transformProfile(
    tables,
    undefined,
    [
      { kind: 'merge-function', func: 0 },
      { kind: 'collapse-file', url },
    ],
    isOwnCategory,
  );
  expect(labelsIn(collapsed)).toEqual(labels);
  expect(collapsed.functions.label?.length).toBe(collapsed.functions.length);
  const slab = decodeSlab(encodeSlab(tables));
  if (!slab.ok) expect.fail('no slab');
  expect(labelsIn(slab.value)).toEqual([]);
  expect(labelsIn(withLabels(slab.value, new Map(labels)))).toEqual(labels);
});
