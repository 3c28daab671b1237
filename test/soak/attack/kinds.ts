/** What is attacked: for each kind the files of a folder, the one of them that is changed, and what Plateau is asked. */
import { gunzipSync } from 'node:zlib';
import { fixture } from '../../support/formats';
import { wholeSnapshot } from '../../support/heap-damage';
import { rawFromText } from '../../support/raw-profile';
import { smallFiles } from '../../support/small-files';
import { WORK } from './hostile';
import { type Ask, askProfile, type Kind } from './kind';
import { besideKinds } from './kinds-beside';
import { serverKinds } from './kinds-server';
import { type Below, oneOf } from './pick';
import { recordedProfile } from './recorded';

const textFormats = new Set(['collapsed', 'perf', 'profText', 'callgrind']);

function profileKind(name: string, bytes: Uint8Array, file = `a.${name}`): Kind {
  const shape = name === 'pprof' ? 'pprof' : textFormats.has(name) ? 'text' : 'json';
  return { name, files: { [file]: bytes }, target: file, shape, isPackable: true, mustOpen: false, weight: 9, ask: (below) => askProfile(file, below) };
}

const snapshot = wholeSnapshot();
/** As recorded with allocations: when each object was made. */
const timeline = snapshot.replace('"samples":[]', '"samples":[0,1,1000,7,2000,24]');
const scripts = JSON.stringify([{ scriptId: 9, url: `file://${WORK}/main.mjs`, sourceMapUrl: '' }]);

function askHeap(file: string, below: Below): Ask {
  const json = below(2) === 0 ? ['--json'] : [];
  const at = below(6);
  if (at < 2) return { bundle: 'heap', args: ['summary', file, ...json] };
  if (at < 4) return { bundle: 'heap', args: ['retainers', file, '--id', String(oneOf([1, 3, 9, 11, 13, 18, 23], below)), ...json] };
  // In threads of their own, which take time to start.
  if (at === 4 && below(30) === 0) return { bundle: 'heap', args: ['diff', 'before.heapsnapshot', file, ...json] };
  return { bundle: 'heap', args: ['leaks', 'before.heapsnapshot', 'between.heapsnapshot', file, ...json] };
}

const heapFiles = { 'before.heapsnapshot': snapshot, 'between.heapsnapshot': snapshot, 'main.mjs': 'class K {}\nexport const a = 1;\n' };

function heapKind(name: string, target: string, files: Readonly<Record<string, string>>, mustOpen = false): Kind {
  const file = Object.keys(files)[0] as string;
  return { name, files: { ...heapFiles, ...files }, target, shape: 'json', isPackable: !mustOpen, mustOpen, weight: 6, ask: (below) => askHeap(file, below) };
}

const zst = fixture('stacks.collapsed.zst');

export const kinds: readonly Kind[] = [
  profileKind('cpuprofile', recordedProfile(), 'a.cpuprofile'),
  profileKind(
    'cpuprofile small',
    new TextEncoder().encode(JSON.stringify(rawFromText('main > parse > next x30\nmain > (garbage collector) x9'))),
    'a.cpuprofile',
  ),
  ...Object.entries(smallFiles).map(([name, bytes]) => profileKind(name, bytes)),
  { ...profileKind('zst', zst, 'a.zst'), shape: 'bytes', isPackable: false },
  heapKind('heapsnapshot', 'a.heapsnapshot', { 'a.heapsnapshot': snapshot }),
  heapKind('heaptimeline', 'a.heaptimeline', { 'a.heaptimeline': timeline }),
  heapKind('scripts.json', 'a.scripts.json', { 'a.heapsnapshot': snapshot, 'a.scripts.json': scripts }, true),
  heapKind('lengths.json', 'a.lengths.json', { 'a.heapsnapshot': snapshot, 'a.lengths.json': '[[5,10,20,30],[17,1,2,3]]' }, true),
  ...besideKinds(),
  ...serverKinds(),
];

/** Unpacked where it comes packed: what is changed is inside. */
export const unpacked = (bytes: Uint8Array): Uint8Array => (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes);
