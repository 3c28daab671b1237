import { functionIndex } from '../../shared/brands';
import type { BuiltProfile } from '../profile/build/build-tables';
import { StackBuilder } from '../profile/build/stack-builder';
import { Category } from '../profile/categories';
import { functionAt } from '../profile/tables';

/**
 * Several profiles as one: under the root a frame for each, below it what was under
 * its root. Threads run at the same time, so the whole is no record over time: it has
 * costs and no samples. What counts another unit than the first is left out, and told.
 */
export function mergeProfiles(profiles: readonly BuiltProfile[], names: readonly string[] = []): BuiltProfile {
  const unit = profiles[0]?.tables.unit ?? 'microseconds';
  const builder = new StackBuilder(unit);
  const { known } = builder.raw.functions;
  const same = profiles.filter(({ tables }) => tables.unit === unit);
  for (const [i, { tables }] of profiles.entries()) {
    if (tables.unit !== unit) continue;
    const thread = builder.func(`[${names[i] ?? `profile ${i + 1}`}]`); // a function may have the thread's name
    known.set(thread, Category.Program); // no code: nothing to blame
    const top = builder.child(builder.root, thread);
    const { nodes, functions } = tables;
    const rows = new Int32Array(functions.length);
    for (let row = 0; row < functions.length; row++) {
      const view = functionAt(tables, functionIndex(row));
      rows[row] = builder.func(view.name, view.url, view.line, view.column);
      if (!known.has(rows[row] as number)) known.set(rows[row] as number, view.category);
    }
    const copies = new Int32Array(nodes.length);
    for (let node = 0; node < nodes.length; node++) {
      const parent = nodes.parent[node] as number;
      const own = rows[nodes.func[node] as number] as number;
      // Waiting is no thread's cost: it stands below the root, where nothing counts it as active.
      const isIdle = functions.category[nodes.func[node] as number] === Category.Idle;
      const copy = parent < 0 ? top : builder.child(isIdle ? builder.root : (copies[parent] as number), own);
      copies[node] = copy;
      builder.add(copy, nodes.self[node] as number, nodes.hits[node] as number);
    }
    addLines(builder, tables, copies);
  }
  const left = profiles.length - same.length;
  // What is wrong with the file as a whole, each of its profiles tells.
  const told = new Map(same.flatMap((profile) => profile.warnings.map((warning) => [JSON.stringify(warning), warning] as const)));
  const warnings = [...told.values()];
  return builder.build(left > 0 ? [...warnings, { kind: 'left-out', count: left }] : warnings);
}

function addLines(builder: StackBuilder, { nodes, lines }: BuiltProfile['tables'], copies: Int32Array): void {
  const ticks = new Float64Array(nodes.length);
  for (let i = 0; i < lines.length; i++) ticks[lines.node[i] as number] = (ticks[lines.node[i] as number] as number) + (lines.ticks[i] as number);
  for (let i = 0; i < lines.length; i++) {
    const node = lines.node[i] as number;
    const own = lines.ticks[i] as number;
    builder.addLine(copies[node] as number, lines.line[i] as number, ((nodes.self[node] as number) * own) / (ticks[node] as number), own);
  }
}
