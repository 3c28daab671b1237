/**
 * What a program may replace, delete or change, as it was before its first line. The build
 * puts these in the place of the global names in everything that is loaded into a target
 * (`inject` in `scripts/build.mjs`), so that nothing of it has to think of that.
 */
const { create, getOwnPropertyDescriptors } = globalThis.Object;

/** A copy of what is only ever used by its functions, for those may be replaced, too. */
const functionsOf = <T extends object>(of: T): T => create(null, getOwnPropertyDescriptors(of)) as T;

const atomics = /* @__PURE__ */ functionsOf(globalThis.Atomics);
const json = /* @__PURE__ */ functionsOf(globalThis.JSON);
const math = /* @__PURE__ */ functionsOf(globalThis.Math);
const object = /* @__PURE__ */ functionsOf(globalThis.Object);
const reflect = /* @__PURE__ */ functionsOf(globalThis.Reflect);
const clock = /* @__PURE__ */ create(null, { now: { value: globalThis.performance.now.bind(globalThis.performance) } }) as { now(): number };

export { atomics as Atomics, clock as performance, json as JSON, math as Math, object as Object, reflect as Reflect };

const {
  Array: array,
  BigInt: bigInt,
  Buffer: buffer,
  Error: error,
  Float64Array: float64Array,
  Int32Array: int32Array,
  Map: map,
  Number: number,
  Promise: promise,
  Proxy: proxy,
  Set: set,
  SharedArrayBuffer: sharedArrayBuffer,
  String: string,
  Symbol: symbol,
  WeakMap: weakMap,
  clearInterval: stopInterval,
  clearTimeout: stopTimeout,
  process: ownProcess,
  setImmediate: startImmediate,
  setInterval: startInterval,
  setTimeout: startTimeout,
} = globalThis;

export {
  array as Array,
  bigInt as BigInt,
  buffer as Buffer,
  error as Error,
  float64Array as Float64Array,
  int32Array as Int32Array,
  map as Map,
  number as Number,
  ownProcess as process,
  promise as Promise,
  proxy as Proxy,
  set as Set,
  sharedArrayBuffer as SharedArrayBuffer,
  startImmediate as setImmediate,
  startInterval as setInterval,
  startTimeout as setTimeout,
  stopInterval as clearInterval,
  stopTimeout as clearTimeout,
  string as String,
  symbol as Symbol,
  weakMap as WeakMap,
};
