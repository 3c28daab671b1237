import { execFileSync } from 'node:child_process';

function lastChange(folder, file) {
  const output = execFileSync('git', ['log', '-1', '--format=%ct', '--', file], { cwd: folder, encoding: 'utf8' });
  return new Date(Number(output.trim()) * 1000);
}

/** When each file was changed last. */
export function lastChanges(folder, files) {
  return new Map(files.map((file) => [file, lastChange(folder, file)]));
}
