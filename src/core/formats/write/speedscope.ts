import { functionIndex, nodeIndex } from '../../../shared/brands';
import { functionAt, type ProfileTables, pathTo } from '../../profile/tables';

/**
 * speedscope's file format (https://www.speedscope.app/file-format-schema.json),
 * a sampled profile: frames, and one stack and weight a sample, in the profile's unit. Lines and
 * columns are 1-based. Equal stacks in a row become one sample, as speedscope's
 * own importer does. Chunks of JSON text, to be written as they come.
 */
export function* writeSpeedscope(tables: ProfileTables, name: string, exporter: string): Generator<string> {
  const { functions, nodes, samples, endTime } = tables;
  yield `{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":${JSON.stringify(exporter)},"name":${JSON.stringify(name)},"activeProfileIndex":0,"shared":{"frames":[`;
  for (let i = 0; i < functions.length; i++) {
    const view = functionAt(tables, functionIndex(i));
    const frame = {
      name: view.name === '' ? '(anonymous)' : view.name,
      ...(view.url === '' ? {} : { file: view.url }),
      ...(view.line < 0 ? {} : { line: view.line + 1, col: view.column + 1 }),
    };
    yield (i > 0 ? ',' : '') + JSON.stringify(frame);
  }
  const runs = sampleRuns(tables);
  const total = runs.reduce((sum, run) => sum + run.weight, 0);
  yield `]},"profiles":[{"type":"sampled","name":${JSON.stringify(name)},"unit":"${tables.unit === 'count' ? 'none' : tables.unit}","startValue":0,"endValue":${total},"samples":[`;
  const stacks = new Map<number, string>();
  for (const [i, run] of runs.entries()) {
    let text = stacks.get(run.node);
    if (text === undefined) {
      const path = pathTo(nodes, nodeIndex(run.node)).slice(1);
      text = JSON.stringify(path.map((node) => nodes.func[node]));
      // Stacks repeat; deep ones are not kept, or 20,000 frames a sample would fill the memory.
      if (path.length < 1000) stacks.set(run.node, text);
    }
    yield (i > 0 ? ',' : '') + text;
  }
  yield `],"weights":[`;
  for (const [i, run] of runs.entries()) yield (i > 0 ? ',' : '') + run.weight;
  yield ']}]}\n';

  function sampleRuns({ samples: { length } }: ProfileTables): { node: number; weight: number }[] {
    const list: { node: number; weight: number }[] = [];
    for (let i = 0; i < length; i++) {
      const node = samples.node[i] as number;
      const weight = (i + 1 < length ? (samples.start[i + 1] as number) : endTime) - (samples.start[i] as number);
      const last = list.at(-1);
      if (last && last.node === node) last.weight += weight;
      else list.push({ node, weight });
    }
    if (length > 0) return list;
    for (let node = 0; node < nodes.length; node++) {
      if ((nodes.self[node] as number) > 0) list.push({ node, weight: nodes.self[node] as number });
    }
    return list;
  }
}
