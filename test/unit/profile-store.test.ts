import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { decodeSlab, encodeSlab } from '../../src/core/profile/slab';
import { profileWorkers } from '../../src/server/profile-reader';
import { type ProfileStore, profileStore } from '../../src/server/profiles';
import type { OpenedProfile } from '../../src/service/profile/opened-profile';
import { dropOldSlabs } from '../../src/service/profile/slab-cache';
import { rawFromText, treeText } from '../support/raw-profile';
import { type Folder, root, temporaryFolder } from '../support/run';

let folder: Folder;
let store: ProfileStore;
let file: string;
beforeAll(() => {
  folder = temporaryFolder();
  file = folder.file('a.cpuprofile', JSON.stringify(rawFromText('\n main > work x3')));
  store = profileStore(workers, { roots: () => [folder.path], thresholds: () => defaultThresholds });
});
afterAll(() => {
  store.dispose();
  folder.remove();
});

const workers = profileWorkers(path.join(root, 'dist'));
const context = { roots: () => [folder.path], thresholds: () => defaultThresholds };
/** A store that cannot parse: what it opens comes from a slab. */
const withoutParser = (): ProfileStore => profileStore({ ...workers, parser: path.join(folder.path, 'no-such-worker.mjs') }, context);
const withParser = (): ProfileStore => profileStore(workers, context);

async function openIn(from: ProfileStore, source: string, storage: string): Promise<OpenedProfile | undefined> {
  const opened = await from.open(source, { storage });
  return opened.ok ? opened.value : undefined;
}

test('those who open a file at the same time get the same profile, and each its slab', async () => {
  const opened = await Promise.all([store.open(file), store.open(file, { signal: new AbortController().signal }), store.open(file)]);
  const profiles = opened.map((one) => (one.ok ? one.value : expect.fail('not opened')));
  expect(new Set(profiles).size).toBe(1);
  const storage = path.join(folder.path, 'slabs');
  const slabs = await Promise.all(profiles.map((profile) => store.slabFile(profile, storage)));
  for (const slab of slabs) {
    const bytes = readFileSync(slab.file);
    expect(bytes.length).toBe(slab.bytes);
    expect(decodeSlab(new Uint8Array(bytes).buffer).ok).toBe(true);
  }
});

test('a slab can be had of a profile that was read again meanwhile', async () => {
  const first = await store.open(file);
  store.forget();
  await store.open(file);
  if (!first.ok) expect.fail('not opened');
  expect((await store.slabFile(first.value, path.join(folder.path, 'slabs'))).bytes).toBeGreaterThan(0);
});

test('what was asked for before the thresholds changed is not kept', async () => {
  const changing = { ...context, thresholds: () => ({ ...defaultThresholds, minSamples }) };
  let minSamples = 1000;
  const from = profileStore(workers, changing);
  const early = from.open(file);
  minSamples = 1;
  from.forget();
  const late = from.open(file);
  await early;
  const [second, third] = [await late, await from.open(file)];
  if (!second.ok || !third.ok) expect.fail('not opened');
  expect(third.value).toBe(second.value);
  expect(await early).not.toMatchObject({ value: third.value });
});

test('one who gives up takes nothing from the others; whoever comes after the last one starts anew', async () => {
  mkdirSync(path.join(folder.path, 'b'));
  const other = path.join(folder.path, 'b', 'b.cpuprofile');
  writeFileSync(other, JSON.stringify(rawFromText('\n main > work x3')));
  const leaver = new AbortController();
  const left = store.open(other, { signal: leaver.signal });
  const stayed = store.open(other);
  leaver.abort();
  expect(await left).toEqual({ ok: false, error: { kind: 'cancelled' } });
  expect((await stayed).ok).toBe(true);

  store.forget();
  const alone = new AbortController();
  const cancelled = store.open(other, { signal: alone.signal });
  alone.abort();
  const next = store.open(other);
  expect((await cancelled).ok).toBe(false);
  expect((await next).ok).toBe(true);
});

describe('a profile that was opened before', () => {
  let storage: string;
  let source: string;
  let first: OpenedProfile;
  beforeEach(async () => {
    storage = path.join(folder.path, `storage-${readdirSync(folder.path).length}`);
    source = path.join(folder.path, 'again.cpuprofile');
    writeFileSync(source, JSON.stringify(rawFromText('\n main > work x3')).slice(0, -20)); // cut, so that there is a warning
    const opened = withParser();
    first = (await openIn(opened, source, storage)) ?? expect.fail('not opened');
    await opened.slabFile(first, storage);
  });
  const slabsIn = (): string[] => readdirSync(storage).filter((name) => name.endsWith('.slab'));

  test('is there without parsing, with its warnings, after a restart', async () => {
    expect(first.warnings.map(({ kind }) => kind)).toContain('truncated');
    const later = withoutParser();
    const again = (await openIn(later, source, storage)) ?? expect.fail('parsed');
    expect(again.warnings).toEqual(first.warnings);
    expect(Buffer.compare(Buffer.from(encodeSlab(again.tables)), Buffer.from(encodeSlab(first.tables)))).toBe(0);
    expect(path.basename((await later.slabFile(again, storage)).file)).toBe(slabsIn()[0]);
    expect(slabsIn()).toHaveLength(1);
  });

  test('is read anew once the file is another, of the same length and time too', async () => {
    const { atime, mtime, size } = statSync(source);
    writeFileSync(source, readFileSync(source, 'utf8').replace('work', 'play'));
    utimesSync(source, atime, mtime);
    expect(statSync(source).size).toBe(size);
    expect(await openIn(withoutParser(), source, storage)).toBeUndefined();
    const again = (await openIn(withParser(), source, storage)) ?? expect.fail('not opened');
    expect(treeText(again)).toBe(treeText(first).replace('work', 'play'));
  });

  test('is read anew where its slab is damaged, cut or gone', async () => {
    const slab = path.join(storage, slabsIn()[0] as string);
    const bytes = readFileSync(slab);
    writeFileSync(slab, bytes.subarray(0, -8));
    expect(await openIn(withoutParser(), source, storage)).toBeUndefined();
    expect(await openIn(withParser(), source, storage)).toBeDefined();
    await dropOldSlabs(storage, '', 0);
    expect(readdirSync(storage)).toEqual([]);
    expect(await openIn(withoutParser(), source, storage)).toBeUndefined();
  });

  test('gives way to newer ones when the folder is full, its note too', async () => {
    utimesSync(path.join(storage, slabsIn()[0] as string), new Date(0), new Date(0));
    const [old] = slabsIn();
    const other = path.join(folder.path, 'newer.cpuprofile');
    writeFileSync(other, JSON.stringify(rawFromText('\n newer x3')));
    const opened = withParser();
    await opened.slabFile((await openIn(opened, other, storage)) ?? expect.fail('not opened'), storage);
    expect(slabsIn()).toHaveLength(2);
    const size = readFileSync(path.join(storage, slabsIn().find((name) => name !== old) as string)).length;
    await dropOldSlabs(storage, '', size);
    expect(slabsIn()).toHaveLength(1);
    expect(slabsIn()).not.toContain(old);
    expect(await openIn(withoutParser(), source, storage)).toBeUndefined();
    expect(await openIn(withoutParser(), other, storage)).toBeDefined();
  });
});
