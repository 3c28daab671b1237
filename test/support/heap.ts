/** Heap snapshots for tests: small ones as text, and those of real processes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface SmallEdge {
  readonly type: string;
  readonly name: string | number;
  readonly to: number;
}

export interface SmallNode {
  readonly type: string;
  readonly name: string;
  readonly id: number;
  readonly size: number;
  readonly detachedness?: number;
  readonly edges?: readonly SmallEdge[];
}

export const nodeTypes = [
  'hidden',
  'array',
  'string',
  'object',
  'code',
  'closure',
  'regexp',
  'number',
  'native',
  'synthetic',
  'concatenated string',
  'sliced string',
  'symbol',
  'bigint',
  'object shape',
] as const;
export const edgeTypes = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'] as const;

/** What the lists of a snapshot mean, as V8 of Node.js 24 writes it. */
export const snapshotMeta = {
  node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'],
  node_types: [nodeTypes, 'string', 'number', 'number', 'number', 'number'],
  edge_fields: ['type', 'name_or_index', 'to_node'],
  edge_types: [edgeTypes, 'string_or_number', 'node'],
  trace_function_info_fields: ['function_id', 'name', 'script_name', 'script_id', 'line', 'column'],
  trace_node_fields: ['id', 'function_info_index', 'count', 'size', 'children'],
  sample_fields: ['timestamp_us', 'last_assigned_id'],
  location_fields: ['object_index', 'script_id', 'line', 'column'],
};

/** The JSON of a snapshot of these nodes, as V8 writes it; node 0 is the root. `extra` goes into its outermost object. */
export function snapshotText(nodes: readonly SmallNode[], options: { locations?: readonly number[]; header?: object; extra?: object } = {}): string {
  const strings: string[] = [];
  const stringOf = (text: string): number => {
    const known = strings.indexOf(text);
    return known >= 0 ? known : strings.push(text) - 1;
  };
  const edges = nodes.flatMap((node) => node.edges ?? []);
  const width = 6;
  return JSON.stringify({
    snapshot: {
      meta: snapshotMeta,
      node_count: nodes.length,
      edge_count: edges.length,
      trace_function_count: 0,
      ...options.header,
    },
    nodes: nodes.flatMap((node) => [
      nodeTypes.indexOf(node.type as (typeof nodeTypes)[number]),
      stringOf(node.name),
      node.id,
      node.size,
      node.edges?.length ?? 0,
      node.detachedness ?? 0,
    ]),
    edges: edges.flatMap(({ type, name, to }) => [
      edgeTypes.indexOf(type as (typeof edgeTypes)[number]),
      typeof name === 'number' ? name : stringOf(name),
      to * width,
    ]),
    trace_function_infos: [],
    trace_tree: [],
    samples: [],
    locations: (options.locations ?? []).map((value, i) => (i % 4 === 0 ? value * width : value)),
    ...options.extra,
    strings,
  });
}

/** The bytes of a snapshot of a new process of this Node.js, after `program` ran in it; another that it may take itself goes to `process.env.BEFORE`. */
export function realSnapshot(program: string): { file: string; bytes: Uint8Array } {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'plateau-heap-')), 'real.heapsnapshot');
  const { status, stderr } = spawnSync(process.execPath, ['-e', `${program}\nrequire('v8').writeHeapSnapshot(${JSON.stringify(file)});`], {
    encoding: 'utf8',
    env: { ...process.env, BEFORE: `${file}.before` },
  });
  if (status !== 0) throw new Error(stderr);
  return { file, bytes: readFileSync(file) };
}

/** Bytes in pieces of up to `step`. */
export function pieces(bytes: Uint8Array, step: number): { read(into: Uint8Array): number } {
  let at = 0;
  return {
    read(into) {
      const part = bytes.subarray(at, at + Math.min(step, into.length));
      into.set(part);
      at += part.length;
      return part.length;
    },
  };
}
