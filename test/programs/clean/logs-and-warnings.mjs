// Whoever watches a program keeps what it logs, up to a limit; the program does not.
let n = 0;

export function exercise() {
  console.log({ request: n });
  console.error(new Error(`request ${n}`));
  console.table([{ n }]);
  process.emitWarning(`request ${n++} is slow`);
}
