import fs from 'node:fs';
import path from 'node:path';
import { quoteNodeOption } from './node-options';
import { REAL_DENO } from './runtime-options';

/** Where Deno and Bun write their profiles, and the scripts in front of them what they were called with. */
export const runtimeFolder = (results: string, runtime: 'deno' | 'bun'): string => path.join(results, runtime);

export interface FrontFolders {
  /** Where the hook lies. */
  readonly session: string;
  /** Where processes of the session write. */
  readonly results: string;
  /** What stands in front of PATH; undefined where nothing can. */
  readonly bin: string | undefined;
}

/**
 * Puts a `deno` and a `bun` into the folder that stands in front of PATH. Deno has no
 * variable for options: those that record stand on its command line. Bun's are in
 * BUN_OPTIONS; its script only notes the command. `interval` is in microseconds.
 */
export function runtimesInFront({ session, results, bin }: FrontFolders, interval: number): void {
  for (const runtime of ['deno', 'bun'] as const) fs.mkdirSync(runtimeFolder(results, runtime), { recursive: true });
  if (bin === undefined) return;
  fs.writeFileSync(path.join(bin, 'deno'), denoScript({ session, results, bin }, interval), { mode: 0o755 });
  fs.writeFileSync(path.join(bin, 'bun'), bunScript({ session, results, bin }), { mode: 0o755 });
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Looks for the real program, and gives the NODE_OPTIONS back that it would have. */
function head(name: 'deno' | 'bun', { session, results, bin = '' }: FrontFolders, given: string): string {
  const hook = path.join(session, 'hook.cjs');
  return `#!/bin/sh
# Of a recording by Plateau: the program's own ${name}.
bin=${quoted(bin)}
out=${quoted(runtimeFolder(results, name))}
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
case $own in
  *"$option"*)
    after=\${own#*"$option"}
    own=\${own%%"$option"*}\${after# }
    [ -z "$after" ] && own=\${own% }
    ;;
esac
if [ -n "$own" ]; then export NODE_OPTIONS="$own"; else unset NODE_OPTIONS; fi
note() {
  kind=$1
  shift
  printf '%s\\0' "$kind" "$PPID" "$PWD" "$@" >"$out/$$.argv" 2>/dev/null
}
[ -d "$out" ] || exec "$real" "$@" # the recording is over
`;
}

function denoScript(folders: FrontFolders, interval: number): string {
  return `${head('deno', folders, `\${${REAL_DENO}-}\nunset ${REAL_DENO}`)}
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
function bunScript(folders: FrontFolders): string {
  return `${head('bun', folders, '')}note recorded bun bun "$@"
exec "$real" "$@"
`;
}
