import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';

/** Starts a process per meter that writes a value twice a second. */
export function startGateway(dir, names) {
  const pipes = new Map();
  const children = [];
  for (const [i, name] of names.entries()) {
    const pipe = join(dir, `${name}.pipe`);
    execFileSync('mkfifo', [pipe]);
    pipes.set(name, pipe);
    const script = `exec > '${pipe}'; n=0; while [ $n -lt 60 ]; do echo "$n ${3 + i}.5"; n=$((n+1)); sleep 0.5; done`;
    children.push(spawn('sh', ['-c', script], { stdio: 'ignore' }));
  }
  const exits = children.map((child) => new Promise((resolve) => child.on('exit', resolve)));
  return {
    pipes,
    stop() {
      for (const child of children) child.kill();
      return Promise.all(exits);
    },
  };
}
