import fs from 'node:fs';
import path from 'node:path';
import { sessionFile } from '../records/session-file';
import { CHAIN, FIRST } from './node-chain';
import type { FrontPaths } from './node-in-front';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The `node` in front of PATH, in bash, which can give a program the name that it was called by, or in whatever shell there is. */
export function shellScript({ bin, hook, results, option }: FrontPaths): string {
  // -p: what BASH_ENV names is not run, and SHELLOPTS are not taken.
  const bash = ['/bin/bash', '/usr/bin/bash'].find((file) => fs.existsSync(file));
  return `#!${bash ? `${bash} -p` : '/bin/sh'}
# Of a recording by Plateau: the program's own node, with the recording's hook in NODE_OPTIONS.
bin=${quoted(bin)}
session=${quoted(sessionFile(path.dirname(hook)))}
option=${quoted(option)}
chain=\${${CHAIN}-}
unset ${CHAIN}
count=0
passed=
if [ -n "$chain" ]; then
  pid=\${chain%% *}
  chain=\${chain#* }
  count=\${chain%% *}
  if [ "$pid" = $$ ] || [ "$pid" = "$PPID" ] || [ "$count" -gt 8 ]; then passed=\${chain#* }; fi
fi
first=
real=
rest=$PATH:
case :$PATH: in
  *":$bin:"*)
    # What comes before this one in PATH may have called it, as a wrapper does.
    all=:$PATH:
    before=\${all%%":$bin:"*}
    before=\${before#:}
    rest=\${all#*":$bin:"}\${before:+$before:}
    ;;
esac
while [ -n "$rest" ]; do
  at=\${rest%%:*}
  rest=\${rest#*:}
  [ "$at" = "$bin" ] && continue
  if [ -f "\${at:-.}/node" ] && [ -x "\${at:-.}/node" ]; then
    [ -z "$first" ] && first=\${at:-.}/node
    case :$passed: in *":$at:"*) continue ;; esac
    real=\${at:-.}/node
    passed=$passed:$at
    break
  fi
done
real=\${real:-$first}
[ -z "$real" ] && [ -x "$bin/../${FIRST}" ] && real=$bin/../${FIRST}
if [ -z "$real" ]; then
  echo "node: command not found" >&2
  exit 127
fi
forbidden=
file=
skip=
for word in "$@"; do
  if [ -n "$skip" ]; then
    [ "$skip" = file ] && file=$word
    skip=
    continue
  fi
  case $word in
    --permission | --experimental-permission) forbidden=permission-model ;;
    --experimental-policy | --experimental-policy=* | --policy-integrity | --policy-integrity=*) forbidden=policy ;;
    --env-file=* | --env-file-if-exists=*) file=\${word#*=} ;;
    --env-file | --env-file-if-exists) skip=file ;;
    -r | --require | --import | -e | --eval | -p | --print | -pe | -C | --conditions | --loader | --experimental-loader) skip=1 ;;
    -?*) ;;
    *) break ;;
  esac
done
own=\${NODE_OPTIONS-}
there=
case $own in
  *"$option"*)
    there=1
    before=\${own%%"$option"*}
    after=\${own#*"$option"}
    own=$before\${after# }
    [ -z "$after" ] && own=\${own% }
    ;;
esac
plain=$forbidden
[ -f "$session" ] || plain=over
if [ -n "$plain" ]; then
  # Node.js may not load the hook, or the recording is over.
  if [ -n "$own" ]; then export NODE_OPTIONS="$own"; else unset NODE_OPTIONS; fi
  [ -n "$forbidden" ] && printf '{"reason":"%s","argv":["node"]}' "$forbidden" >${quoted(results)}/$$.skipped.json 2>/dev/null
else
  given=$own
  if [ -z "$own" ] && [ -n "$file" ] && [ -r "$file" ]; then
    own=$(sed -n 's/^[[:space:]]*\\(export[[:space:]]\\{1,\\}\\)\\{0,1\\}NODE_OPTIONS[[:space:]]*=[[:space:]]*//p' "$file" | tail -n 1 | sed -e 's/^"\\(.*\\)"[[:space:]]*$/\\1/' -e "s/^'\\(.*\\)'[[:space:]]*$/\\1/")
  fi
  if [ -z "$there" ] || [ "$own" != "$given" ]; then export NODE_OPTIONS="$option\${own:+ $own}"; fi
fi
[ -z "$plain" ] && export ${CHAIN}="$$ $((count + 1)) $passed"
${bash ? 'exec -a node "$real" "$@"' : 'exec "$real" "$@"'}
`;
}
