import { type FunctionIndex, functionIndex } from '../../../shared/brands';
import { formatShare, printable, shorten } from '../../../shared/format';
import { Category } from '../../profile/categories';
import { effectiveSamples } from '../../profile/costs/effective-samples';
import { waitingNodes } from '../../profile/costs/waiting';
import { functionAt, type ProfileTables } from '../../profile/tables';
import { type Evidence, isMostlyIdle, isSupported, levelOf, type Rule } from '../evidence';
import { evidenceText, frameLabel } from '../explain';
import type { Finding } from '../finding';

/** The part of what a function leads to that one package, or one function of the runtime, must have. */
const NEARLY_ALL = 0.6;
/** Microseconds below which it is what starting a program takes. */
const LEAST = 100_000;
const MOST = 3;

/** What lies below one function of the user's own and one package, or function of the runtime, that it calls. */
interface Call {
  readonly own: FunctionIndex;
  /** By function that is called, what lies at and below it. */
  readonly entries: Map<number, number>;
  readonly explains: Map<number, number>;
  cost: number;
  samples: number;
  squares: number;
}

/**
 * Own code that hardly costs anything itself, but leads to most of the time: in packages, in Node.js and in native
 * code, spread over so many functions that none of them stands out. Each cost counts for the own function nearest to
 * it. O(nodes).
 */
export const costlyCall: Rule = (evidence) => {
  const { tables, totals, thresholds } = evidence;
  if (tables.unit !== 'microseconds') return [];
  const all = [...callsOf(evidence)];
  return all
    .flatMap(([own, calls]) => {
      const whole = [...calls.values()].reduce((sum, { cost }) => sum + cost, 0);
      return [...calls.values()].filter(({ cost }) => cost >= NEARLY_ALL * whole).map((call) => ({ own, call }));
    })
    .filter(({ call }) => call.cost >= LEAST && isSupported(evidence, call.cost / totals.active, call.samples, thresholds.plateau))
    .sort((a, b) => b.call.cost - a.call.cost)
    .slice(0, MOST)
    .map(({ call }) => told(evidence, call));
};

/** By own function, its calls by package or function of the runtime. */
function callsOf({ tables, own, squares }: Evidence): Map<number, Map<string, Call>> {
  const { nodes, functions } = tables;
  const waits = waitingNodes(tables);
  const calls = new Map<number, Map<string, Call>>();
  for (let node = 1; node < nodes.length; node++) {
    const above = own.node[node] as number;
    const self = nodes.self[node] as number;
    if (above < 0 || above === node || self <= 0 || waits[node] === 1) continue;
    const entry = own.callee[node] as number;
    const key = keyOf(tables, entry);
    if (key === undefined) continue;
    const caller = functionIndex(nodes.func[above] as number);
    const byKey = calls.get(caller) ?? new Map<string, Call>();
    const call = byKey.get(key) ?? { own: caller, entries: new Map(), explains: new Map(), cost: 0, samples: 0, squares: 0 };
    const func = nodes.func[node] as number;
    call.cost += self;
    call.samples += nodes.hits[node] as number;
    call.squares += squares[node] as number;
    call.entries.set(entry, (call.entries.get(entry) ?? 0) + self);
    call.explains.set(func, (call.explains.get(func) ?? 0) + self);
    calls.set(caller, byKey.set(key, call));
  }
  return calls;

  function keyOf({ strings }: ProfileTables, entry: number): string | undefined {
    const url = strings.at(functions.url[entry] as number);
    // Loading modules is a finding of its own.
    if (url.startsWith('node:internal/modules/') || url === 'node:plateau') return undefined;
    // Garbage collection, and time of which nothing is known, are nobody's call.
    if (url === '' && /^\(.*\)$/.test(strings.at(functions.name[entry] as number))) return undefined;
    return functions.category[entry] === Category.Dependency ? `package ${functions.package[entry]}` : `function ${entry}`;
  }
}

function told(evidence: Evidence, { own, entries, explains, cost, samples, squares }: Call): Finding {
  const { tables, totals } = evidence;
  const share = cost / totals.active;
  const [most] = [...entries].reduce((best, one) => (one[1] > best[1] ? one : best));
  const callee = functionIndex(most);
  const { name: ownName, line, column } = functionAt(tables, own);
  const name = shorten(printable(functionAt(tables, callee).package), 60);
  const called = name === '' ? frameLabel(tables, callee) : `${frameLabel(tables, callee)} of ${name}`;
  const self = evidence.costs.self[own] as number;
  const isTop = ownName === '' && line === 0 && column === 0;
  const level = levelOf(evidence, share);
  return {
    rule: 'costly-call',
    // What a script does as a whole is no news, nor is what little a program does that mostly waits.
    level: isMostlyIdle(evidence) ? 'info' : isTop && level === 'error' ? 'warning' : level,
    share,
    cost,
    samples,
    effective: effectiveSamples(cost, squares),
    functions: [own, callee],
    blame: { func: own, cost, callee },
    title: `${frameLabel(tables, own)} calls ${called}`,
    summary: `Your ${frameLabel(tables, own)} leads to ${evidenceText(evidence, cost, samples)}, nearly all of it in ${called}. Its own code takes ${formatShare(self / totals.active)}.`,
    advice: `Call it less often there: once for many, with less, only where it has changed, or keep what it gave.`,
    explains,
  };
}
