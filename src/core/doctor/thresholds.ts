/**
 * Where each turn of the decision tree goes which way. Durations are microseconds,
 * shares 0 to 1, sizes bytes. The reasons stand in docs/find-the-bottleneck.md, too.
 */
export interface DoctorThresholds {
  /** Active samples below which a profile says nothing: at 30 a share of 40 % is known to ± 18 points. */
  readonly minSamples: number;
  /** A recording that was stopped before this says nothing of how a program goes on. */
  readonly minDuration: number;
  /** A program that ends by itself with less CPU time than this is quick: half of it is the start of Node.js. */
  readonly quick: number;
  /** Memory must have been watched for this long before it is said to grow. */
  readonly growthDuration: number;
  /** Growth of live memory that is worth a search: a few MB are caches, compiled code and connection pools. */
  readonly growthBytes: number;
  /** … and its least share of what was live at the beginning. */
  readonly growthShare: number;
  /** Of the growth, what must have come in the last third: what has filled up by then is a cache. */
  readonly growthLast: number;
  /** Share of active time in garbage collection that means memory pressure. */
  readonly gc: number;
  /** … and the share from which it is the cause, whatever else is wide. */
  readonly gcCause: number;
  /** A stretch without a turn of the loop that others notice: half of the 100 ms at which a person does. */
  readonly block: number;
  /** All of them together, of the recorded time. */
  readonly blockShare: number;
  /** … and the longest, for one that stands alone. */
  readonly blockAlone: number;
  /** Share of the recorded time in which the thread is busy that makes a program CPU-bound. */
  readonly busy: number;
  /** … and from which computing counts where nothing is found that it waits for. */
  readonly partlyBusy: number;
  /** Share of active time of one function that makes it the place to work on. */
  readonly hot: number;
  /** … that makes it almost certainly the bottleneck. */
  readonly bottleneck: number;
  /** Operations of one place, one after another, that make a sequence. */
  readonly sequence: number;
  /** Share of the recorded time (of a server: of its requests' time) that such a sequence takes. */
  readonly sequenceShare: number;
  /** Mean time of an answer from which the other side is slow. */
  readonly slowAnswer: number;
  /** Mean time of a request from which people notice, so that it has to be known for what it waits. */
  readonly longRequest: number;
  /** Share of the recorded time that is spent waiting for one thing. */
  readonly waitShare: number;
  /** CPU time of the process that none of its JavaScript threads used, of the time that the thread waited: more than V8's own helpers take. */
  readonly outsideShare: number;
  /** Share of the waiting that what is watched has to explain before nothing is said to be slow. */
  readonly explainedShare: number;
  /** Share of the recorded time in which the thread pool had more work than threads. */
  readonly poolShare: number;
  /** Operations for each request that make a sequence, where they come from several places and have most of its time. */
  readonly chain: number;
  /** … and the share of the requests' time. */
  readonly chainShare: number;
}

export const defaultDoctorThresholds: DoctorThresholds = {
  minSamples: 30,
  minDuration: 1e6,
  quick: 300_000,
  growthDuration: 2e6,
  growthBytes: 8e6,
  growthShare: 0.3,
  growthLast: 0.1,
  gc: 0.1,
  gcCause: 0.3,
  block: 50_000,
  blockShare: 0.1,
  blockAlone: 200_000,
  busy: 0.6,
  partlyBusy: 0.3,
  hot: 0.2,
  bottleneck: 0.4,
  sequence: 5,
  sequenceShare: 0.4,
  slowAnswer: 300_000,
  longRequest: 100_000,
  waitShare: 0.5,
  outsideShare: 0.5,
  explainedShare: 0.5,
  poolShare: 0.4,
  chain: 3,
  chainShare: 0.7,
};
