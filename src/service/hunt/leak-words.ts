/** A leak in words and places: what piles up, what keeps it, and where that stands in the sources. */
import { loopCall } from '../../capture/records/loop';
import type { AllocationFrame } from '../../core/heap/analysis/allocation-stack';
import { CELL, isContextName } from '../../core/heap/graph/comparable-names';
import type { Leak } from '../../core/heap/leaks/leak';
import type { HeapPlace, PathStep } from '../../core/heap/leaks/leak-path';
import { shorten } from '../../shared/format';
import type { HuntLeak, HuntPlace, HuntStep } from '../../shared/hunt';
import { isOwnFile, type ScriptPlaces } from '../heap/heap-places';

/** As `HuntResult` has it. */
export function inWords(leak: Leak, places: ScriptPlaces): HuntLeak {
  // The harness that calls an exported function holds it, and is no part of the program.
  const harness = leak.path.findIndex(({ edge }) => edge === loopCall);
  const names = sourceNames(leak.path, places);
  const steps = leak.path.map((_, i): HuntStep | undefined => (harness >= 0 && i <= harness + 2 ? undefined : stepText(leak, i, names, places)));
  const stacks = [leak.allocation ?? [], ...leak.otherAllocations].map((stack) => framesOf(stack, places));
  const ownPlace = (stack: readonly Frame[]): HuntPlace | undefined => stack.find(({ place }) => place && isOwnFile(place.file))?.place;
  const allocation = stacks.find(ownPlace) ?? stacks[0] ?? [];
  const running = allocation.filter(({ place }) => place !== undefined).map(({ at }) => at);
  return {
    verdict: leak.verdict,
    measure: leak.measure,
    className: classText(leak),
    counts: leak.counts,
    perExercise: leak.perExercise,
    isMultiple: leak.isMultiple,
    retainedSize: leak.retainedSize,
    bytesPerExercise: leak.bytesPerExercise,
    summary: summaryOf(leak, names, places, running),
    path: steps.filter((step) => step !== undefined),
    retainedAt: retainingPlace(leak, places),
    alsoKeptBy: leak.others
      // The harness holds what it calls.
      .filter(({ path, holder }) => {
        const at = path.findIndex(({ edge }) => edge === loopCall);
        return at < 0 || holder > at + 2;
      })
      // An open handle is held on both sides.
      .filter((other) => handleText(leak) === undefined || handleText(other) === undefined)
      .map((other) => ({
        text: summaryOf(other, sourceNames(other.path, places), places, running),
        place: retainingPlace({ ...other, functions: [] }, places),
      })),
    allocatedAt: ownPlace(allocation),
    allocation: allocation.map(({ name, place }) => ({ name, place })),
    objectId: leak.objectId,
    holderId: leak.holderId,
    holders: leak.holders,
  };
}

interface Frame {
  readonly name: string;
  readonly at: HeapPlace;
  readonly place: HuntPlace | undefined;
}

function framesOf(stack: readonly AllocationFrame[], places: ScriptPlaces): Frame[] {
  return stack.map(({ name, url, scriptId, line, column }) => {
    const at = { scriptId, line: line - 1, column: column - 1 };
    return { name: places.functionName(at) || name || '(anonymous)', at, place: places.place(at, url) };
  });
}

/** What the steps of a path are called in the source, where a bundle calls them otherwise. */
interface SourceNames {
  /** Of the variable by which the step before holds it. */
  readonly edges: readonly string[];
  /** Of a function. */
  readonly steps: readonly string[];
}

function sourceNames(path: readonly PathStep[], places: ScriptPlaces): SourceNames {
  return {
    edges: path.map((step, i) => {
      const [seenBy] = step.edgeKind === 'context' ? (path[i - 1]?.closures ?? []) : [];
      return (seenBy && places.variable(step.edge, seenBy.place)?.name) || step.edge;
    }),
    steps: path.map(({ name, type, place }) => (type === 'closure' && place && places.functionName(place)) || name),
  };
}

/** Functions without a name, and what V8 makes, have an empty one. */
function classText({ className, measure, path: steps }: Leak): string {
  const step = steps.at(-1);
  if (measure !== 'objects')
    return `${shapeless(className)} (its ${parts[className] ?? (isBuffer.test(className) ? 'length' : measure === 'elements' ? 'elements' : 'properties')})`;
  if (className.startsWith('bound ')) return functionText(className);
  return step?.type === 'closure' ? functionText(step.name) : className || `(${step?.type ?? 'object'})`;
}

/** What there are more of in an object that grows. */
const parts: Readonly<Record<string, string>> = { Array: 'elements', Map: 'entries', Set: 'entries', string: 'length' };
const isBuffer = /Buffer$|Array$|^DataView$/;

const functionText = (name: string): string => `function ${name || '(anonymous)'}`;

/** V8's own objects and edges say nothing to whoever wrote the program. */
function stepText(leak: Leak, at: number, names: SourceNames, places: ScriptPlaces): HuntStep | undefined {
  const step = leak.path[at];
  if (!step || at === 0) return undefined;
  const isContext = isContextName(step.name);
  const isOwn = step.type === 'array' || step.type === 'hidden' || step.type === 'code' || step.type === 'synthetic' || isContext || step.edgeKind === 'weak';
  if ((isOwn && at !== leak.holder) || step.name === CELL) return undefined;
  const place = step.place && places.place(step.place);
  return { text: stepName(leak, at, names), place, id: step.id };
}

/** A plain object is labelled by its properties, `{user-37, user-51, …}`: of one that grows they are data, and others in each run. */
const shapeless = (name: string): string => (name.startsWith('{') ? 'Object' : name);

/** Names may be data, as the keys of a table: characters that are shown. */
const LONGEST_NAME = 60;

/** "`sessions` (Map)": by the name that user code gave, with what it is. */
function stepName(leak: Pick<Leak, 'path' | 'holder'>, at: number, names: SourceNames): string {
  const step = leak.path[at];
  if (!step) return '';
  const name = names.steps[at] ?? step.name;
  const what =
    step.type === 'closure'
      ? functionText(shorten(name, LONGEST_NAME))
      : isContextName(step.name)
        ? 'variables of a function'
        : /string$/.test(step.type)
          ? 'string'
          : at === leak.holder
            ? shorten(shapeless(name), LONGEST_NAME)
            : shorten(name, LONGEST_NAME);
  if (step.edgeKind === 'context' || step.edgeKind === 'property') return `\`${shorten(names.edges[at] ?? step.edge, LONGEST_NAME)}\` (${what})`;
  // A root numbers what it holds, by no order that says anything.
  if (step.edgeKind === 'element') return leak.path[at - 1]?.type === 'synthetic' ? what : `[${step.edge}] (${what})`;
  const pair = /^\d+ \/ part of key/.test(step.edge);
  return pair ? `value in a WeakMap (${what})` : what;
}

/** How something is kept. */
type Way = Pick<Leak, 'path' | 'holder'> & { readonly native?: string | undefined };

/** "`sessions` (Map) in module src/app.ts, closure `track` at src/app.ts:12". */
function summaryOf(leak: Way, names: SourceNames, places: ScriptPlaces, running: readonly HeapPlace[]): string {
  const { path: steps } = leak;
  const handle = handleText(leak);
  if (handle !== undefined) return handle;
  // A variable, or a property of an object: the name stands on the edge that leaves the holder.
  const next = steps[leak.holder + 1]?.edgeKind;
  let at = next === 'context' || (next === 'property' && leak.holder + 2 < steps.length) ? leak.holder + 1 : leak.holder;
  // What holds them may have no name of its own, as the table of a Map: up to the name that user code gave.
  while (at > 1 && steps[at]?.edgeKind !== 'context' && steps[at]?.edgeKind !== 'property') at--;
  const named = stepName(leak, at > 1 ? at : leak.holder, names);
  const below = at > 1 && at < leak.holder ? `, in its ${stepName(leak, leak.holder, names)}` : '';
  for (let i = at; i > 0; i--) {
    const step = steps[i];
    const closures = steps[i - 1]?.closures ?? [];
    const user =
      step?.edgeKind === 'context'
        ? places.user(
            step.edge,
            closures.map(({ place }) => place),
            running,
          )
        : undefined;
    // What a bundler has put in has no source.
    const mapped = Math.max(
      0,
      closures.findIndex((one) => places.isMapped(one.place)),
    );
    const seen = closures[user?.index ?? mapped] ?? (step?.type === 'closure' && step.place ? { name: step.name, place: step.place } : undefined);
    const place = seen && places.place(seen.place);
    if (!seen || !place) continue;
    const shown = places.shown(place.file);
    const closure = `closure \`${places.functionName(seen.place) || seen.name || '(anonymous)'}\` at ${shown}:${place.line}`;
    const isTold = closures.length < 2 || user?.isSure === true;
    return `${named}${below} in module ${shown}, ${isTold ? closure : `seen by ${closure}, among others`}`;
  }
  const maker = steps[at - 1]?.place ?? steps[leak.holder]?.place;
  const place = maker && places.place(maker);
  if (place) return `${named}${below} of ${shapeless(steps[at - 1]?.name ?? '')}, made by ${places.shown(place.file)}:${place.line}`;
  const owner = steps.slice(Math.max(1, at - 3), at).findLast(({ type, name }) => type === 'object' && !isContextName(name) && shapeless(name) !== 'Object');
  return owner ? `${named}${below} of ${shorten(owner.name, LONGEST_NAME)}` : `${named}${below}`;
}

/** What is kept outside of the program: modules, and by C++ handles of Node.js that are open and what is registered there. Undefined where the holder is an object of JavaScript's. */
function handleText({ path: steps, holder, native }: Way): string | undefined {
  if (steps[holder]?.name === 'LoadCache') return 'modules that import() has loaded, each by an address of its own: Node.js never unloads one';
  const kindOf = ({ name = '' }: { readonly name?: string } = {}): string | undefined => NATIVE.exec(name)?.[1];
  const isRoot = holder === 0 || steps[holder]?.type === 'synthetic' || kindOf(steps[holder]) !== undefined;
  if (!isRoot) return undefined;
  const kind =
    kindOf({ name: native ?? '' }) ??
    steps
      .slice(holder)
      .map(kindOf)
      .find((one) => one !== undefined);
  if (/Wrap$/.test(kind ?? '') || kind === 'MessagePort' || kind === 'Worker') return `open in Node.js (${kind}): it is kept until it is closed`;
  return kind ? `kept by Node.js itself (${shorten(kind, LONGEST_NAME)}), outside of JavaScript` : 'kept by native code, outside of JavaScript';
}

/** How Node.js names objects of C++, and a snapshot those that no tree of a page has. */
const NATIVE = /^(?:Detached )?Node \/ (.+)/s;

/** The declaration of what keeps them, nearest to them first; in the user's own files. */
function retainingPlace({ path: steps, holder, functions }: Pick<Leak, 'path' | 'holder' | 'functions'>, places: ScriptPlaces): HuntPlace | undefined {
  for (let i = holder + 1; i > 0; i--) {
    const step = steps[i];
    const before = steps[i - 1];
    if (!step || !before) continue;
    const declared =
      step.edgeKind === 'context'
        ? before.closures[0] && places.variable(step.edge, before.closures[0].place)?.place
        : propertyPlace(step.edgeKind, step.edge, before.place, places);
    if (declared && isOwnFile(declared.file)) return declared;
  }
  for (let i = holder + 1; i > 0; i--) {
    for (const { name, place } of steps[i]?.variables ?? []) {
      const declared = places.variable(name, place)?.place;
      if (declared && isOwnFile(declared.file)) return declared;
    }
  }
  // Held by a library: the first function of the user's that it holds.
  const closures = steps.slice(holder).flatMap(({ type, place }) => (type === 'closure' && place ? [place] : []));
  return [...closures, ...functions.map(({ place }) => place)].map((place) => places.place(place)).find((place) => place && isOwnFile(place.file));
}

function propertyPlace(kind: string, name: string, maker: Leak['path'][number]['place'], places: ScriptPlaces): HuntPlace | undefined {
  return kind === 'property' && maker ? places.property(name, maker) : undefined;
}
