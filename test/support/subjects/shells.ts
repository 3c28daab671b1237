import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Program } from '../plain-and-recorded';

const ENVIRONMENT = 'console.log(JSON.stringify(Object.entries(process.env).sort(), null, 1), process.argv0, process.title);';
/** Called by its path, the session's `node` cannot tell it from its name. */
const NAMES = 'console.log(JSON.stringify(Object.entries(process.env).sort()));';
/** Whether root runs this, and other users may run this Node.js. */
const canBecomeAnother = (major: number): boolean => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || major !== Number.parseInt(process.versions.node, 10)) return false;
  for (let at = realpathSync(process.execPath); at !== path.dirname(at); at = path.dirname(at)) if ((statSync(at).mode & 1) === 0) return false;
  return true;
};

/** A `node` in PATH that is no Node.js, but starts the next one that is not itself. */
const wrapper = (own: string, start: string): string =>
  `#!/bin/sh\nIFS='\n'\nfor one in $(which -a node); do case $one in */${own}/node) continue ;; esac; break; done\n${start} "$one" "$@"\n`;

/** One that takes itself out of PATH. */
const second = (own: string): string => `#!/bin/sh\nPATH=\${PATH#*${own}:}\nW=${own}$W exec node "$@"\n`;

/** Ways from a shell or a launcher to a `node`, which the session's stands in front of. */
export const shells: readonly Program[] = [
  { name: 'an environment of PATH alone', source: ENVIRONMENT, shell: 'env -i PATH="$PATH" node a.cjs' },
  { name: 'an environment with PWD, OLDPWD, SHLVL and _', source: ENVIRONMENT, shell: 'env -i PATH="$PATH" PWD=/x OLDPWD=/y SHLVL=7 _=z node a.cjs' },
  { name: 'names that no shell takes', source: ENVIRONMENT, shell: `env -i PATH="$PATH" 'a.b=1' 'BASH_FUNC_x%%=() { :; }' 'c-d=' node a.cjs` },
  { name: 'the order of the environment', source: 'console.log(Object.keys(process.env).join());', shell: 'env -i Z=1 PATH="$PATH" A=1 M=1 node a.cjs' },
  { name: 'a locale that is not there', source: ENVIRONMENT, shell: 'LC_ALL=xx_YY LANG=xx_YY node a.cjs' },
  { name: 'BASH_ENV', source: ENVIRONMENT, shell: 'BASH_ENV=./be.sh node a.cjs', files: { 'be.sh': 'echo from BASH_ENV; export FOO=1\n' } },
  { name: 'ENV', source: ENVIRONMENT, shell: 'ENV=./be.sh node a.cjs', files: { 'be.sh': 'echo from ENV\n' } },
  { name: 'SHELLOPTS', source: ENVIRONMENT, shell: 'env SHELLOPTS=xtrace BASHOPTS=extdebug node a.cjs' },
  { name: 'a working folder that is gone', shell: 'mkdir gone; cd gone; rmdir ../gone; node -p 1+1' },
  {
    name: 'a wrapper that becomes the next node',
    source: NAMES,
    shell: 'chmod +x w/node; PATH="$PWD/w:$PATH"; exec node a.cjs',
    files: { 'w/node': wrapper('w', 'exec') },
  },
  {
    name: 'a wrapper that starts the next node',
    source: NAMES,
    shell: 'chmod +x w/node; PATH="$PWD/w:$PATH"; node a.cjs; echo $?',
    files: { 'w/node': wrapper('w', '') },
  },
  {
    name: 'two wrappers',
    source: 'console.log(process.env.W, process.argv.slice(2));',
    shell: 'chmod +x v/node w/node; PATH="$PWD/v:$PWD/w:$PATH"; node a.cjs "a b" ""',
    files: { 'v/node': second('v'), 'w/node': second('w') },
  },
  {
    name: 'a wrapper, and a child of the program',
    source: 'console.log(process.env.W, String(require("child_process").execSync("node b.cjs")));',
    shell: 'chmod +x w/node; PATH="$PWD/w:$PATH"; node a.cjs',
    files: { 'w/node': wrapper('w', 'W=1$W exec'), 'b.cjs': 'console.log("child", process.env.W);' },
    threads: 2,
  },
  {
    name: 'NODE_OPTIONS with a module that is loaded before',
    source: 'console.log("main", process.env.NODE_OPTIONS);',
    shell: 'NODE_OPTIONS="--require ./pre.cjs" node a.cjs',
    files: { 'pre.cjs': 'console.log(process.env.NODE_OPTIONS, Object.keys(require.cache).length, process.listenerCount("exit"));' },
  },
  {
    name: 'NODE_OPTIONS put before what was there',
    source: 'console.log(JSON.stringify(process.env.NODE_OPTIONS));',
    shell: 'NODE_OPTIONS="--no-deprecation $NODE_OPTIONS" node a.cjs',
    env: { NODE_OPTIONS: '--no-warnings' },
  },
  {
    name: 'NODE_OPTIONS put behind what was there',
    source: 'console.log(JSON.stringify(process.env.NODE_OPTIONS));',
    shell: 'NODE_OPTIONS="$NODE_OPTIONS --no-deprecation" node a.cjs',
    env: { NODE_OPTIONS: '--no-warnings' },
  },
  { name: 'little room for addresses', source: 'console.log("ran");', shell: 'ulimit -v 1500000; node a.cjs', only: () => process.platform === 'linux' },
  {
    name: 'a policy',
    source: 'console.log(require("./b.cjs"));',
    shell: 'node --experimental-policy=p.json a.cjs; node --experimental-policy p.json a.cjs',
    files: { 'b.cjs': 'module.exports = 1;', 'p.json': '{"resources":{"./a.cjs":{"integrity":true,"dependencies":true},"./b.cjs":{"integrity":true}}}' },
    only: (major) => major < 22,
    blur: /\(node:\d+\)/,
    threads: 0,
  },
  {
    name: 'coverage of the test runner',
    shell: 'node --test --experimental-test-coverage --test-reporter=tap a.test.cjs | grep -c plateau-',
    files: { 'a.test.cjs': 'require("node:test")("a", () => {});' },
    threads: 1,
    only: (major) => major < 22,
  },
  {
    name: 'a child of another user',
    source: `const r = require('child_process').spawnSync(process.execPath, ['-p', 'process.getuid()'], { uid: 65534, gid: 65534, cwd: '/' }); console.log(r.status, String(r.stdout), String(r.stderr));`,
    only: canBecomeAnother,
    threads: 2,
  },
  {
    name: 'another user by setpriv',
    shell: 'cd /; setpriv --reuid=65534 --clear-groups node -p "process.getuid()"',
    only: canBecomeAnother,
  },
  {
    name: 'a program that becomes another user',
    source: 'process.setgid(65534); process.setuid(65534); console.log(process.getuid());',
    only: canBecomeAnother,
  },
  {
    name: 'a sandbox with a /tmp of its own',
    shell: `unshare -m sh -c 'mount -t tmpfs none /tmp; cd /; node -p 1+1'`,
    only: canBecomeAnother,
  },
];
