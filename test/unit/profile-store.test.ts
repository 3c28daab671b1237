import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultThresholds } from '../../src/core/findings/thresholds';
import { decodeSlab } from '../../src/core/profile/slab';
import { type ProfileStore, profileStore } from '../../src/server/profiles';
import { rawFromText } from '../support/raw-profile';
import { type Folder, root, temporaryFolder } from '../support/run';

let folder: Folder;
let store: ProfileStore;
let file: string;
beforeAll(() => {
  folder = temporaryFolder();
  file = folder.file('a.cpuprofile', JSON.stringify(rawFromText('\n main > work x3')));
  store = profileStore(path.join(root, 'dist', 'profile-worker.mjs'), { roots: () => [folder.path], thresholds: () => defaultThresholds });
});
afterAll(() => folder.remove());

test('those who open a file at the same time get the same profile, and each its slab', async () => {
  const opened = await Promise.all([store.open(file), store.open(file, new AbortController().signal), store.open(file)]);
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

test('one who gives up takes nothing from the others; whoever comes after the last one starts anew', async () => {
  mkdirSync(path.join(folder.path, 'b'));
  const other = path.join(folder.path, 'b', 'b.cpuprofile');
  writeFileSync(other, JSON.stringify(rawFromText('\n main > work x3')));
  const leaver = new AbortController();
  const left = store.open(other, leaver.signal);
  const stayed = store.open(other);
  leaver.abort();
  expect(await left).toEqual({ ok: false, error: { kind: 'cancelled' } });
  expect((await stayed).ok).toBe(true);

  store.forget();
  const alone = new AbortController();
  const cancelled = store.open(other, alone.signal);
  alone.abort();
  const next = store.open(other);
  expect((await cancelled).ok).toBe(false);
  expect((await next).ok).toBe(true);
});
