// Asks another program for each line, and stands still until it has answered.
import { execFileSync } from 'node:child_process';

function ask(i) {
  return execFileSync(process.execPath, ['-e', `setTimeout(() => console.log(${i}), 250)`], { encoding: 'utf8', env: {} });
}

let text = '';
for (let i = 0; i < 5; i++) text += ask(i);
console.log(text.length);
