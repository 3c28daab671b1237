/** What a program may replace, as it was before its first line. */
export const { stringify, parse } = JSON;
export const now = performance.now.bind(performance);
export const { clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } = globalThis;
