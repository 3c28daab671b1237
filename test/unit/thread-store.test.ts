import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { activityStrip, commonRange } from '../../src/core/profile/views/threads';
import { openedDto } from '../../src/server/opened-dto';
import { profileWorkers } from '../../src/server/profile-reader';
import { type ProfileStore, profileStore } from '../../src/server/profiles';
import { stripReader } from '../../src/server/thread-strips';
import type { OpenedProfile } from '../../src/service/profile/opened-profile';
import { readOk } from '../support/raw-profile';
import { type Folder, root, temporaryFolder } from '../support/run';
import { type RecordedGroup, recordGroup, threadedProgram } from '../support/thread-group';

let folder: Folder;
let group: RecordedGroup;
let storage: string;
beforeAll(() => {
  folder = temporaryFolder(threadedProgram);
  group = recordGroup(folder.path, path.join(folder.path, 'profiles'), 'run');
  storage = path.join(folder.path, 'slabs');
});
afterAll(() => folder.remove());

const worker = (name: string): string => path.join(root, 'dist', name);
const storeWith = (parser = worker('profile-worker.mjs')): ProfileStore =>
  profileStore({ ...profileWorkers(path.join(root, 'dist')), parser }, { roots: () => [folder.path], thresholds: () => defaultThresholds });
const noWorker = (): string => path.join(folder.path, 'no-such-worker.mjs');

async function open(store: ProfileStore, file: string, select?: number | 'merge'): Promise<OpenedProfile> {
  const opened = await store.open(file, { storage, select });
  return opened.ok ? opened.value : expect.fail(JSON.stringify(opened.error));
}
const names = ({ tables }: OpenedProfile): Set<string> => new Set([...tables.functions.name].map((name) => tables.strings.at(name)));
const rowOf = (name: string): number => group.info.threads?.findIndex((one) => one.name === name) as number;

test('a thread is read by itself and kept: opened again it needs no parser, and still offers all of them', async () => {
  const store = storeWith();
  const child = await open(store, group.file, rowOf('child.mjs'));
  expect(names(child)).toContain('dig');
  expect(child.threads?.shown).toEqual([rowOf('child.mjs')]);
  await store.slabFile(child, storage);
  const again = storeWith(noWorker());
  const kept = await open(again, group.file, rowOf('child.mjs'));
  expect(names(kept)).toContain('dig');
  expect(again.content(kept)).toMatchObject({ selected: rowOf('child.mjs'), profiles: [{}, {}, {}, {}] });
  // By its own file it is the same.
  expect(names(await open(again, group.files[rowOf('child.mjs')] as string))).toContain('dig');
  const other = await again.open(group.file, { storage, select: rowOf('main.mjs') });
  expect(other).toMatchObject({ ok: false, error: { kind: 'crashed' } });
});

test('all together are read anew, and never taken for one of them', async () => {
  const store = storeWith();
  const all = await open(store, group.file, 'merge');
  expect([names(all).has('crunch'), names(all).has('dig'), all.threads?.shown.length]).toEqual([true, true, 4]);
  await store.slabFile(all, storage);
  const first = await open(storeWith(), group.file);
  expect([names(first).has('crunch'), names(first).has('dig')]).toEqual([true, false]);
});

test('what was chosen holds for the file, until that cannot be read', async () => {
  const copy = path.join(folder.path, 'chosen');
  cpSync(path.dirname(group.file), copy, { recursive: true });
  const file = path.join(copy, 'run.cpuprofile');
  const store = storeWith();
  store.choose(file, 1);
  expect((await open(store, file)).threads?.shown).toEqual([1]);
  rmSync(path.join(copy, 'run.t2.cpuprofile'));
  expect((await store.open(file)).ok).toBe(false);
  expect((await open(store, file)).threads?.shown).toEqual([0]);
});

test('another title, another list of threads: what stands beside a profile is read again', async () => {
  const copy = path.join(folder.path, 'retitled');
  cpSync(path.dirname(group.file), copy, { recursive: true });
  const store = storeWith();
  const file = path.join(copy, 'run.cpuprofile');
  expect((await open(store, file)).info?.title).toBe('node main.mjs');
  writeFileSync(path.join(copy, 'run.plateau.json'), JSON.stringify({ ...group.info, title: 'After', threads: group.info.threads?.slice(0, 2) }));
  const after = await open(store, file);
  expect([after.info?.title, after.threads?.all.length]).toEqual(['After', 2]);
});

test('what the editor is told is small, and has the strip of the thread that is shown', async () => {
  const store = storeWith();
  const profile = await open(store, group.file);
  const dto = openedDto(profile, [], { file: '', bytes: 0 }, store.content(profile));
  expect(dto.threads?.shown).toMatch(/^the busiest of 4; the others: /);
  expect(dto.choices.map(({ thread }) => thread?.strip?.length)).toEqual([60, undefined, undefined, undefined]);
  expect(dto.choices.map(({ thread }) => thread?.cpu)).toEqual(group.info.threads?.map(({ active, waiting }) => active - waiting));
});

test('strips come for every thread, are those of its samples, and are kept', async () => {
  const range = commonRange(group.info.threads ?? []);
  const expected = group.files.map((file) => activityStrip(readOk(readFileSync(file)).tables, range.from, range.to));
  const read = async (parser: string, known: readonly (readonly [number, string])[] = []): Promise<string[]> => {
    const found: string[] = [];
    await stripReader(parser).read(group.file, { storage, known, signal: new AbortController().signal }, (strips) => {
      for (const [row, strip] of strips) found[row] = strip;
    });
    return found;
  };
  expect(await read(worker('strip-worker.mjs'))).toEqual(expected);
  const kept = readdirSync(storage).filter((name) => name.endsWith('.strips.json'));
  expect(kept).toHaveLength(1);
  expect(await read(noWorker())).toEqual(expected);
  expect(statSync(path.join(storage, kept[0] as string)).size).toBeLessThan(2000);
  // What is open already is not read for it, and kept like the others.
  rmSync(path.join(storage, kept[0] as string));
  expect(await read(worker('strip-worker.mjs'), [[0, expected[0] as string]])).toEqual([undefined, ...expected.slice(1)]);
  expect(await read(noWorker())).toEqual(expected);
  // Damaged, they are made anew.
  writeFileSync(path.join(storage, kept[0] as string), '{"version":1,"files":7');
  expect(await read(worker('strip-worker.mjs'))).toEqual(expected);
});

test('the strip of a profile that cannot be read is empty; the others come all the same', async () => {
  const copy = path.join(folder.path, 'torn');
  cpSync(path.dirname(group.file), copy, { recursive: true });
  writeFileSync(path.join(copy, 'run.t2.cpuprofile'), '{"nodes":[');
  const found: string[] = [];
  await stripReader(worker('strip-worker.mjs')).read(
    path.join(copy, 'run.t3.cpuprofile'),
    { storage: path.join(folder.path, 'other'), known: [], signal: new AbortController().signal },
    (strips) => {
      for (const [row, strip] of strips) found[row] = strip;
    },
  );
  expect(found.map((strip) => strip.length)).toEqual([60, 0, 60, 60]);
});
