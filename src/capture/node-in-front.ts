import fs from 'node:fs';
import path from 'node:path';
import { quoteNodeOption } from './node-options';

/**
 * Puts a `node` into the session's folder that stands in front of PATH. A shell script may
 * replace NODE_OPTIONS (`NODE_OPTIONS=… jest`), a launcher may drop it; the hook in it is
 * put back here, and the real Node.js takes the place of the script. None on Windows,
 * where a batch file in that place would end the one that calls it.
 */
export function nodeInFront(folder: string, platform: NodeJS.Platform = process.platform): string | undefined {
  if (platform === 'win32') return undefined;
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  // bash can give a program the name that it was called by.
  const bash = ['/bin/bash', '/usr/bin/bash'].find((file) => fs.existsSync(file));
  fs.writeFileSync(path.join(bin, 'node'), script(folder, bin, bash), { mode: 0o755 });
  return bin;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function script(folder: string, bin: string, bash: string | undefined): string {
  const hook = path.join(folder, 'hook.cjs');
  return `#!${bash ?? '/bin/sh'}
# Of a recording by Plateau: the program's own node, with the recording's hook in NODE_OPTIONS.
bin=${quoted(bin)}
hook=${quoted(hook)}
option=${quoted(quoteNodeOption(`--require=${hook}`))}
real=
rest=$PATH:
while [ -n "$rest" ]; do
  at=\${rest%%:*}
  rest=\${rest#*:}
  [ "$at" = "$bin" ] && continue
  if [ -f "\${at:-.}/node" ] && [ -x "\${at:-.}/node" ]; then
    real=\${at:-.}/node
    break
  fi
done
if [ -z "$real" ]; then
  echo "node: command not found" >&2
  exit 127
fi
permission=
file=
skip=
for word in "$@"; do
  if [ -n "$skip" ]; then
    [ "$skip" = file ] && file=$word
    skip=
    continue
  fi
  case $word in
    --permission | --experimental-permission) permission=1 ;;
    --env-file=* | --env-file-if-exists=*) file=\${word#*=} ;;
    --env-file | --env-file-if-exists) skip=file ;;
    -r | --require | --import | -e | --eval | -p | --print | -pe | -C | --conditions | --loader | --experimental-loader) skip=1 ;;
    -?*) ;;
    *) break ;;
  esac
done
own=\${NODE_OPTIONS-}
own=\${own%"$option"}
own=\${own% }
if [ -n "$permission" ] || [ ! -f "$hook" ]; then
  # The permission model hides the hook from Node.js, or the recording is over.
  if [ -n "$own" ]; then export NODE_OPTIONS="$own"; else unset NODE_OPTIONS; fi
  [ -n "$permission" ] && printf '{"reason":"permission-model","argv":["node"]}' >${quoted(folder)}/$$.skipped.json 2>/dev/null
else
  if [ -z "$own" ] && [ -n "$file" ] && [ -r "$file" ]; then
    own=$(sed -n 's/^[[:space:]]*\\(export[[:space:]]\\{1,\\}\\)\\{0,1\\}NODE_OPTIONS[[:space:]]*=[[:space:]]*//p' "$file" | tail -n 1 | sed -e 's/^"\\(.*\\)"[[:space:]]*$/\\1/' -e "s/^'\\(.*\\)'[[:space:]]*$/\\1/")
  fi
  export NODE_OPTIONS="\${own:+$own }$option"
fi
${bash ? 'exec -a node "$real" "$@"' : 'exec "$real" "$@"'}
`;
}
