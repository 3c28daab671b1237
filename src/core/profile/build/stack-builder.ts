import type { Unit } from '../../../shared/brands';
import type { ProfileWarning } from '../../../shared/issue';
import { floatColumn } from '../growable';
import { type BuiltProfile, buildTables } from './build-tables';
import { PairIndex } from './pair-index';
import { type Origin, RawProfile } from './raw-profile';

/**
 * Makes a profile from stacks instead of a tree. A stack is walked from the root,
 * one `child` a frame, and its last node gets a cost:
 *
 *   main;parse;next 3        (root)
 *   main;parse 1       ->      main
 *   main;print 4                 print  4
 *                                parse  1
 *                                  next 3
 *
 * `add` gives a node own cost, for profiles that are no record over time. `at`
 * says which node runs from a time on, for those that are; a profile uses one of
 * the two. A prefix table (parent, frame) needs no walk: its rows are nodes.
 * O(1) a frame, no recursion, no memory a stack that is known.
 */
export class StackBuilder {
  readonly raw = new RawProfile();
  readonly root: number;
  #children = new PairIndex();
  #lines = new PairIndex();
  readonly #lineCost = floatColumn();
  readonly #lineHits = floatColumn();
  #sum = 0;
  #badCosts = 0;
  #lastNode = -1;
  #lastTime = Number.NaN;

  constructor(unit: Unit, origin: Origin = 'other') {
    this.raw.unit = unit;
    this.raw.origin = origin;
    this.root = this.#node(this.func('(root)'), Number.NaN);
  }

  /** Row of a function; line and column from 0, -1 for none. */
  func(name: string, url = '', line = -1, column = -1): number {
    return this.raw.functions.internText(name, url, line, column);
  }

  /** The node of a function called from another node. */
  child(parent: number, func: number): number {
    const known = this.#children.length;
    const row = this.#children.intern(parent, func);
    // Row r of the pairs is node r + 1: every node but the root is the child of one.
    return row < known ? row + 1 : this.#node(func, parent + 1);
  }

  /** Adds own cost, in the unit of the profile. A cost below zero, or none at all, is counted and left out. */
  add(node: number, cost: number, hits = 1): void {
    if (!(cost >= 0 && cost <= Number.MAX_SAFE_INTEGER)) {
      this.#badCosts++;
      return;
    }
    const { weight, hitCount } = this.raw;
    weight.set(node, weight.at(node) + cost);
    hitCount.set(node, Math.min(hitCount.at(node) + Math.max(0, hits), 0xffff_fffe));
    this.#sum += cost;
  }

  /** Says which line (from 1) of a node's function took a part of its own cost. */
  addLine(node: number, line: number, cost: number, hits = 1): void {
    if (!(line >= 1 && line <= 0x7fff_fffe && cost > 0 && cost <= Number.MAX_SAFE_INTEGER)) return;
    const row = this.#lines.intern(node, Math.floor(line));
    if (row === this.#lineCost.length) {
      this.#lineCost.push(0);
      this.#lineHits.push(0);
    }
    this.#lineCost.set(row, this.#lineCost.at(row) + cost);
    this.#lineHits.set(row, this.#lineHits.at(row) + Math.max(0, hits));
  }

  /** From this time on (microseconds, not falling) the node runs. Of several at one time the last one counts. */
  at(node: number, time: number): void {
    const { sampleIds, timestamps } = this.raw;
    if (!isTime(time)) {
      this.#badCosts++;
      return;
    }
    if (time === this.#lastTime) sampleIds.set(sampleIds.length - 1, node + 1);
    else {
      sampleIds.push(node + 1);
      timestamps.push(time);
    }
    this.#lastNode = node;
    this.#lastTime = time;
  }

  /** The node that `at` named last; -1 before the first. */
  get running(): number {
    return this.#lastNode;
  }

  build(warnings: readonly ProfileWarning[] = []): BuiltProfile {
    const { raw } = this;
    for (const key of ['startTime', 'endTime'] as const) if (!isTime(raw[key])) raw[key] = Number.NaN;
    this.#makeTicks();
    const isTimed = raw.sampleIds.length > 0;
    if (isTimed) raw.weight.truncate(0);
    const own: ProfileWarning[] = [];
    if (this.#badCosts > 0) own.push({ kind: 'bad-costs', count: this.#badCosts });
    if (!isTimed && this.#sum === 0) own.push({ kind: 'no-samples' });
    const built = buildTables(raw) as BuiltProfile; // there is a root, so there are tables
    return { tables: built.tables, warnings: [...warnings, ...own, ...built.warnings] };
  }

  #node(func: number, parentId: number): number {
    const { raw } = this;
    const row = raw.ids.length;
    raw.ids.push(row + 1);
    raw.func.push(func);
    raw.hitCount.push(0);
    raw.deopt.push(0);
    raw.weight.push(0);
    raw.parentId.push(parentId);
    raw.firstChild.push(0);
    return row;
  }

  /**
   * A node's cost is shared out over its lines by ticks. Where cost and samples go
   * together, ticks are the samples; else they are the cost: its thousandth parts where
   * these are whole numbers, as with nanoseconds, else to one in a million.
   */
  #makeTicks(): void {
    const { raw } = this;
    const cost = new Float64Array(raw.ids.length);
    const hits = new Float64Array(raw.ids.length);
    const lines = this.#lines;
    for (let row = 0; row < lines.length; row++) {
      const node = lines.first.at(row);
      cost[node] = (cost[node] as number) + this.#lineCost.at(row);
      hits[node] = (hits[node] as number) + this.#lineHits.at(row);
    }
    const isEven = new Uint8Array(raw.ids.length).fill(1);
    const isWhole = new Uint8Array(raw.ids.length).fill(1);
    for (let row = 0; row < lines.length; row++) {
      const node = lines.first.at(row);
      const total = (cost[node] as number) * (hits[node] as number);
      const gap = Math.abs(this.#lineCost.at(row) * (hits[node] as number) - this.#lineHits.at(row) * (cost[node] as number));
      if (!(total > 0 && gap <= 1e-6 * total) || !Number.isInteger(this.#lineHits.at(row))) isEven[node] = 0;
      const parts = this.#lineCost.at(row) * 1000;
      // As many as there are samples would pass for samples (`lineCosts`).
      const isTold = parts >= 0.5 && parts < 0xffff_fffe && (cost[node] as number) * 1000 > (hits[node] as number) + 1;
      if (!isTold || Math.abs(parts - Math.round(parts)) > 1e-3) isWhole[node] = 0;
    }
    for (let row = 0; row < lines.length; row++) {
      const node = lines.first.at(row);
      const share = this.#lineCost.at(row) / (cost[node] as number);
      const parts = isWhole[node] === 1 ? Math.round(this.#lineCost.at(row) * 1000) : Math.max(1, Math.round(share * Math.max(1e6, hits[node] as number)));
      const ticks = isEven[node] === 1 ? this.#lineHits.at(row) : parts;
      raw.tickNode.push(node);
      raw.tickLine.push(lines.second.at(row));
      raw.tickCount.push(Math.min(ticks, 0xffff_fffe));
    }
  }
}

const isTime = (value: number): boolean => Math.abs(value) <= Number.MAX_SAFE_INTEGER;
