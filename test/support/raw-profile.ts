import type { BuiltProfile } from '../../src/core/profile/build/build-tables';
import { readEveryWay } from './windows';

export interface RawNode {
  id: number;
  callFrame: { functionName: string; scriptId: string; url: string; lineNumber: number; columnNumber: number };
  hitCount?: number;
  children?: number[];
  positionTicks?: { line: number; ticks: number }[];
  deoptReason?: string;
}

export interface RawCpuProfile {
  nodes: RawNode[];
  startTime: number;
  endTime: number;
  samples: number[];
  timeDeltas: number[];
}

/**
 * A profile from stacks, one a line, a millisecond each unless `xN` says how many:
 *
 *   main > parse > next  x3
 *   main > (garbage collector)
 *
 * A frame is `name` or `name@url:line`; names in parentheses are V8's own, `name@-` is native.
 */
export function rawFromText(text: string): RawCpuProfile {
  const nodes: RawNode[] = [{ id: 1, callFrame: frame('(root)'), hitCount: 0, children: [] }];
  const samples: number[] = [];
  for (const line of text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean)) {
    const [, stack = '', times] = /^(.*?)(?:\s+x(\d+))?$/.exec(line) ?? [];
    let at = nodes[0] as RawNode;
    for (const name of stack.split(' > ')) {
      const callFrame = frame(name.trim());
      const known = (at.children ?? []).map((id) => nodes[id - 1] as RawNode).find((one) => JSON.stringify(one.callFrame) === JSON.stringify(callFrame));
      const next = known ?? { id: nodes.length + 1, callFrame, hitCount: 0, children: [] };
      if (!known) {
        nodes.push(next);
        at.children?.push(next.id);
      }
      at = next;
    }
    for (let i = 0; i < Number(times ?? 1); i++) samples.push(at.id);
    at.hitCount = (at.hitCount ?? 0) + Number(times ?? 1);
  }
  return { nodes, startTime: 0, endTime: samples.length * 1000, samples, timeDeltas: samples.map((_, i) => (i === 0 ? 0 : 1000)) };
}

function frame(text: string): RawNode['callFrame'] {
  const [, name = '', url = '', line] = /^(.*?)(?:@(.*?)(?::(\d+))?)?$/.exec(text) ?? [];
  const isOwn = name.startsWith('(') && name !== '(anonymous)';
  // What is built into V8 and Node.js has no script, and so no place.
  const isNative = url === '-' && line === undefined;
  return {
    functionName: name === '(anonymous)' ? '' : name,
    scriptId: isOwn || isNative ? '0' : '1',
    url: isOwn || url === '-' ? '' : url || 'file:///app/main.js',
    lineNumber: isOwn || isNative ? -1 : Number(line ?? 1) - 1,
    columnNumber: isOwn || isNative ? -1 : 0,
  };
}

export const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

/** Reads a profile that must open. */
export function readOk(value: unknown): BuiltProfile {
  const result = readEveryWay(value instanceof Uint8Array ? value : bytesOf(value));
  if (!result.ok) throw new Error(`does not open: ${JSON.stringify(result.error)}`);
  return result.value;
}

export const profileFromText = (text: string): BuiltProfile => readOk(rawFromText(text));

/** The call tree as text: `- name (total: 3, self: 1)`, in milliseconds. */
export function treeText({ tables }: BuiltProfile): string {
  const { nodes, functions, strings } = tables;
  const lines: string[] = [];
  for (let i = 0; i < nodes.length; i++) {
    const name = strings.at(functions.name[nodes.func[i] as number] as number) || '(anonymous)';
    lines.push(`${'  '.repeat(nodes.depth[i] as number)}- ${name} (total: ${(nodes.total[i] as number) / 1000}, self: ${(nodes.self[i] as number) / 1000})`);
  }
  return lines.join('\n');
}

/** Names that would do harm where text is taken for markup, a property or an end of line. */
export const hostileNames = [
  '</script><script>document.title="owned"</script>',
  '<img src=x onerror="document.title=\'owned\'">',
  '"><svg onload=alert(1)>',
  "' onmouseover='x",
  '<!-- --> ]]>',
  'a\u2028b\u2029c',
  '__proto__',
  'constructor',
  '&lt;b&gt; &amp;',
  'a|b `c` *d* [e](f) @someone #12',
  'a\\|b\\',
  '\u001b[31m\r\n\u202ered',
];
