import dagre from 'dagre';
import { load, random } from '../input.mjs';

await load((turn) => {
  const next = random(turn + 1);
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (let i = 0; i < 120; i++) graph.setNode(`n${i}`, { width: 40 + next(60), height: 20 });
  for (let i = 1; i < 120; i++) graph.setEdge(`n${next(i)}`, `n${i}`);
  for (let i = 0; i < 40; i++) graph.setEdge(`n${next(60)}`, `n${60 + next(60)}`);
  dagre.layout(graph);
}, 3500);
