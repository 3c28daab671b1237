import type { ProfileTables } from '../../src/core/profile/tables';
import { type FlameModel, flameModel, sortedByName } from '../../src/core/profile/views/flame-model';
import { invertTree } from '../../src/core/profile/views/invert';
import { parseQuery, regexesOf, type SearchResult, searchProfile } from '../../src/core/profile/views/search';
import {
  type IsMine,
  nodeAtPath,
  pathOfNode,
  rowWithout,
  type Transform,
  type Transformed,
  transformProfile,
  withoutTransform,
} from '../../src/core/profile/views/transform';
import type { FindingDto } from '../../src/protocol/findings';
import type { FunctionLinesDto, OpenedProfileDto } from '../../src/protocol/lsp';
import type { StripsDto } from '../../src/protocol/threads';
import { readUnfolded, type ViewState } from '../../src/protocol/view-state';
import type { FindingLevel } from '../../src/shared/reported-finding';
import { findTrunks, foldedRows, plainRows, type Rows, type Trunk } from '../chart/trunks';
import { marksOf } from './finding-words';
import { regexSearch } from './regex-search';

/** What of a store may be another than before. */
export type Changed = keyof ViewState | 'lines' | 'findings' | 'strips';

/** One profile, the state of its views, and what follows from the two; views read it and are told of changes. */
export interface Store {
  readonly base: ProfileTables;
  readonly profile: OpenedProfileDto;
  readonly state: ViewState;
  /** What range and transforms leave. */
  readonly shown: Transformed;
  /** The same laid out: where numbers come from. */
  readonly model: FlameModel;
  /** What the flame graph draws: the model, or its inversion, in the order that is asked for. */
  readonly flame: FlameModel;
  /** The runs of that graph that fold into a row each, by their first frame. */
  readonly trunks: ReadonlyMap<number, Trunk>;
  /** Where its frames stand now. */
  readonly rows: Rows;
  /** Shows the frames of a run, or folds them again. */
  setTrunk(head: number, isOpen: boolean): void;
  /** Functions that the search matches; undefined without a search, or with one that makes no sense. A search with expressions takes a moment. */
  readonly found: SearchResult | undefined;
  /** Why there is no such answer, or not yet. */
  readonly unanswered: 'waiting' | 'too-slow' | undefined;
  /** The selected function's lines, once they are there. */
  readonly lines: FunctionLinesDto | undefined;
  /** Loudest first; more may come while the profile is shown. */
  readonly findings: readonly FindingDto[];
  /** The functions whose boxes carry a mark, by the loudest of their open findings. */
  readonly marks: ReadonlyMap<number, FindingLevel>;
  /** How busy the threads are, by their rows, as far as it is known. */
  readonly strips: ReadonlyMap<number, string>;
  addStrips(strips: StripsDto['strips']): void;
  setFindings(findings: readonly FindingDto[]): void;
  set(change: Partial<ViewState>): void;
  setLines(lines: FunctionLinesDto | undefined): void;
  /** Adds a transform; a change of transforms, range or inversion can be undone. */
  add(transform: Transform): void;
  /** Takes one away, and what was applied to a row that only it had made. */
  remove(at: number): void;
  undo(): void;
  readonly canUndo: boolean;
  /** Whether a function is the user's own. */
  isMine(func: number): boolean;
  /** Whether code of the user's own ran. */
  readonly hasMyCode: boolean;
  subscribe(listener: (changed: ReadonlySet<Changed>) => void): void;
}

type Shape = Pick<ViewState, 'transforms' | 'range' | 'isInverted'>;

export function createStore(base: ProfileTables, profile: OpenedProfileDto, initial: ViewState, isMine: IsMine): Store {
  let state = initial;
  let lines: FunctionLinesDto | undefined;
  let { findings } = profile;
  const strips = new Map(profile.choices.flatMap(({ thread }, row) => (thread?.strip === undefined ? [] : [[row, thread.strip] as const])));
  const undone: Shape[] = [];
  const listeners: ((changed: ReadonlySet<Changed>) => void)[] = [];
  let answers = 0;
  const regexes = regexSearch(base.strings, () => {
    answers++;
    tell(new Set(['search'] as const));
  });
  const shown = memo(
    () => [state.range, state.transforms],
    () => transformProfile(base, state.range, state.transforms, isMine),
  );
  const model = memo(
    () => [shown()],
    () => flameModel(shown().tables),
  );
  const flame = memo(
    () => [shown(), state.isInverted, state.isByName],
    () => {
      if (!state.isInverted && !state.isByName) return model();
      const tables = state.isInverted ? invertTree(shown().tables).tables : shown().tables;
      return state.isByName ? flameModel(sortedByName(tables), false) : flameModel(tables);
    },
  );
  const trunks = memo(
    () => [flame()],
    () => findTrunks(flame(), (func) => isMine(flame().tables.functions, func)),
  );
  const rows = memo(
    () => [flame(), state.isFolded, state.unfolded],
    () => {
      if (!state.isFolded) return plainRows(flame());
      const open = new Set(state.unfolded.map((path) => nodeAtPath(flame().tables, path)));
      return foldedRows(flame(), new Map([...trunks()].filter(([head]) => !open.has(head))));
    },
  );
  const found = memo(
    () => [model(), state.search, answers],
    () => {
      if (state.search.trim() === '') return undefined;
      const query = parseQuery(state.search);
      if (query.kind !== 'query') return undefined;
      const answer = regexes.ask(regexesOf(query.terms));
      return typeof answer === 'string' ? answer : searchProfile(model().tables, model().costs, model(), query.terms, answer);
    },
  );
  const marks = memo(
    () => [findings],
    () => marksOf(findings),
  );
  const tell = (changed: ReadonlySet<Changed>): void => {
    for (const listener of listeners) listener(changed);
  };
  /** A function that is no more cannot stay selected. */
  const dropUnknown = (changed: Set<Changed>): void => {
    if (state.selected === undefined || state.selected < shown().tables.functions.length) return;
    state = { ...state, selected: undefined, path: [] };
    changed.add('selected').add('path');
  };
  const set: Store['set'] = (change) => {
    const changed = new Set<Changed>((Object.keys(change) as (keyof ViewState)[]).filter((key) => change[key] !== state[key]));
    if (changed.size === 0) return;
    if (changed.has('transforms') || changed.has('range') || changed.has('isInverted')) {
      const { transforms, range, isInverted } = state;
      undone.push({ transforms, range, isInverted });
    }
    state = { ...state, ...change };
    if (changed.has('transforms')) dropUnknown(changed);
    tell(changed);
  };
  return {
    base,
    profile,
    get state() {
      return state;
    },
    get shown() {
      return shown();
    },
    get model() {
      return model();
    },
    get flame() {
      return flame();
    },
    get trunks() {
      return trunks();
    },
    get rows() {
      return rows();
    },
    setTrunk(head, isOpen) {
      const path = pathOfNode(flame().tables, head);
      const others = state.unfolded.filter((one) => nodeAtPath(flame().tables, one) !== head);
      set({ unfolded: readUnfolded(isOpen ? [...others, path] : others) });
    },
    get found() {
      const answer = found();
      return typeof answer === 'string' ? undefined : answer;
    },
    get unanswered() {
      const answer = found();
      return typeof answer === 'string' ? answer : undefined;
    },
    get lines() {
      return lines;
    },
    isMine: (func) => isMine(base.functions, func),
    get hasMyCode() {
      const { costs, tables } = model();
      return costs.total.some((total, func) => total > 0 && isMine(tables.functions, func));
    },
    get canUndo() {
      return undone.length > 0;
    },
    get findings() {
      return findings;
    },
    get marks() {
      return marks();
    },
    strips,
    addStrips(more) {
      for (const [row, strip] of more) strips.set(row, strip);
      tell(new Set(['strips'] as const));
    },
    setFindings(next) {
      findings = next;
      tell(new Set(['findings'] as const));
    },
    set,
    setLines(next) {
      lines = next;
      tell(new Set(['lines'] as const));
    },
    add(transform) {
      set({ transforms: [...state.transforms, transform], zoom: [] });
    },
    remove(at) {
      const { transforms, gone } = withoutTransform(state.transforms, at, base.functions.length);
      const selected = gone === undefined || state.selected === undefined ? state.selected : rowWithout(state.selected, gone);
      set({ transforms, selected, path: gone === undefined ? state.path : [], zoom: [] });
    },
    undo() {
      const before = undone.pop();
      if (!before) return;
      state = { ...state, ...before, zoom: [] };
      const changed = new Set<Changed>(['transforms', 'range', 'isInverted', 'zoom']);
      dropUnknown(changed);
      tell(changed);
    },
    subscribe: (listener) => void listeners.push(listener),
  };
}

/** Computes anew when one of the inputs is another. */
function memo<T>(inputs: () => readonly unknown[], compute: () => T): () => T {
  let last: readonly unknown[] | undefined;
  let value: T;
  return () => {
    const now = inputs();
    if (!last || now.some((one, i) => one !== last?.[i])) {
      value = compute();
      last = now;
    }
    return value;
  };
}
