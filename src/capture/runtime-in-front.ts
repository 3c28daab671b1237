import fs from 'node:fs';
import path from 'node:path';
import { quoteNodeOption } from './node-options';
import { REAL_DENO } from './runtime-options';

/** Where Deno and Bun write their profiles, and the scripts in front of them what they were called with. */
export const runtimeFolder = (session: string, runtime: 'deno' | 'bun'): string => path.join(session, runtime);

/**
 * Puts a `deno` and a `bun` into the folder that stands in front of PATH. Deno has no
 * variable for options: those that record stand on its command line. Bun's are in
 * BUN_OPTIONS; its script only notes the command. `interval` is in microseconds.
 */
export function runtimesInFront(session: string, bin: string | undefined, interval: number): void {
  for (const runtime of ['deno', 'bun'] as const) fs.mkdirSync(runtimeFolder(session, runtime), { recursive: true });
  if (bin === undefined) return;
  fs.writeFileSync(path.join(bin, 'deno'), denoScript(session, bin, interval), { mode: 0o755 });
  fs.writeFileSync(path.join(bin, 'bun'), bunScript(session, bin), { mode: 0o755 });
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Looks for the real program, and gives the NODE_OPTIONS back that it would have. */
function head(name: string, session: string, bin: string, given: string): string {
  const hook = path.join(session, 'hook.cjs');
  return `#!/bin/sh
# Of a recording by Plateau: the program's own ${name}.
bin=${quoted(bin)}
out=${quoted(path.join(session, name))}
option=${quoted(quoteNodeOption(`--require=${hook}`))}
real=${given}
rest=$PATH:
while [ -z "$real" ] && [ -n "$rest" ]; do
  at=\${rest%%:*}
  rest=\${rest#*:}
  [ "$at" = "$bin" ] && continue
  [ -f "\${at:-.}/${name}" ] && [ -x "\${at:-.}/${name}" ] && real=\${at:-.}/${name}
done
if [ -z "$real" ]; then
  echo "${name}: command not found" >&2
  exit 127
fi
own=\${NODE_OPTIONS-}
own=\${own%"$option"}
own=\${own% }
if [ -n "$own" ]; then export NODE_OPTIONS="$own"; else unset NODE_OPTIONS; fi
note() {
  kind=$1
  shift
  printf '%s\\0' "$kind" "$PPID" "$PWD" "$@" >"$out/$$.argv" 2>/dev/null
}
[ -d "$out" ] || exec "$real" "$@" # the recording is over
`;
}

function denoScript(session: string, bin: string, interval: number): string {
  return `${head('deno', session, bin, `\${${REAL_DENO}-}\nunset ${REAL_DENO}`)}
count=0
place=
name=
skip=
for word in "$@"; do
  case $word in
    --cpu-prof | --cpu-prof-* | -h | --help | --help=* | -V | --version) [ -z "$name" ] && exec "$real" "$@" ;;
  esac
  [ -n "$name" ] && break
  count=$((count + 1))
  if [ -n "$skip" ]; then
    skip=
    continue
  fi
  case $word in
    -L | --log-level) skip=1 ;;
    -?*) ;;
    run | serve | eval) name=$word place=$count ;;
    test | bench | task) name=$word ;;
    - | *.* | */* | *:*) name=run place=0 ;;
    *) exec "$real" "$@" ;;
  esac
done
[ -z "$name" ] && exec "$real" "$@"
after=
for word in "$@"; do
  case $word in
    --) break ;;
    --cpu-prof | --cpu-prof-* | -h | --help | --help=*) exec "$real" "$@" ;;
    -*) ;;
    *) [ -n "$after" ] && break
      [ "$word" = "$name" ] && after=1 ;;
  esac
done
if [ -z "$place" ]; then
  [ "$name" = task ] || note "no-option" "$name" deno "$@"
  exec "$real" "$@"
fi
can=
[ -r "$out/can" ] && read -r can <"$out/can"
if [ -z "$can" ]; then
  if "$real" run --cpu-prof --help >/dev/null 2>&1 </dev/null; then can=yes; else can=no; fi
  can="$can $("$real" --version 2>/dev/null </dev/null | head -n 1)"
  printf '%s\\n' "$can" >"$out/can" 2>/dev/null
fi
case $can in
  no*)
    note too-old "\${can#no }" deno "$@"
    exec "$real" "$@"
    ;;
esac
note recorded "\${can#yes }" deno "$@"
if [ "$place" = 0 ]; then set -- --cpu-prof "--cpu-prof-dir=$out" --cpu-prof-interval=${interval} "$@"; else
  count=0
  for word in "$@"; do
    shift
    count=$((count + 1))
    set -- "$@" "$word"
    [ "$count" = "$place" ] && set -- "$@" --cpu-prof "--cpu-prof-dir=$out" --cpu-prof-interval=${interval}
  done
fi
exec "$real" "$@"
`;
}

/** Bun looks at the name that it is called by: only `bun` itself has a script. */
function bunScript(session: string, bin: string): string {
  return `${head('bun', session, bin, '')}note recorded bun bun "$@"
exec "$real" "$@"
`;
}
