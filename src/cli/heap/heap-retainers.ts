import { loopCall } from '../../capture/records/loop';
import { leftOutText } from '../../core/heap/paths/fold-path';
import { fileText } from '../../service/export/place-text';
import { describeHeapWarning } from '../../service/heap/describe-heap-issue';
import { explainObject, type HeapObject, type HeapRetainers, type HeapStep } from '../../service/heap/heap-retainers';
import { formatBytes, printable, printableJson, shorten } from '../../shared/format';
import { ok } from '../../shared/result';
import { oneFile, parseCommand, wholeNumber } from '../arguments';
import { Exit, UsageError } from '../exit-codes';
import { clearProgress, note, styled, write } from '../terminal';
import { opened, readingProgress, threadFile } from './heap-load';

export async function heapRetainers(args: string[]): Promise<Exit> {
  const { values, positionals } = parseCommand({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean' }, id: { type: 'string' }, paths: { type: 'string' } },
  });
  const file = oneFile('heap retainers', positionals);
  const id = wholeNumber('id', values.id?.replace(/^@/, ''), 0);
  if (id === undefined) throw new UsageError('plateau heap retainers needs --id N: the id of an object, as diff and Chrome DevTools show it.');
  const limit = wholeNumber('paths', values.paths, 1, 100) ?? 3;
  const result = await explainObject(file, id, limit, { onProgress: readingProgress, threadFile });
  if (!result.ok && result.error.kind === 'no-such-object') {
    clearProgress();
    note(`plateau: ${file}: there is no object @${id} in this snapshot. Take an id from plateau heap diff, or from another snapshot of the same process.`);
    return Exit.Input;
  }
  const found = result.ok
    ? opened(file, ok(result.value))
    : opened<HeapRetainers>(file, { ok: false, error: result.error as Exclude<typeof result.error, { kind: 'no-such-object' }> });
  if (!found) return Exit.Input;
  if (values.json) await write(`${printableJson({ ...found, warnings: found.warnings.map(describeHeapWarning) }, 1)}\n`);
  else await write(describe(found));
  return Exit.Fine;
}

/** V8's own steps stand dim. */
const own = new Set(['hidden', 'array', 'code', 'synthetic']);

function describe({ object, paths, allocatedAt }: HeapRetainers): string {
  const text = [
    styled('bold', `${shorten(nameOf(object), 80)} @${object.id}`),
    styled('dim', `${object.type} · ${formatBytes(object.shallowSize)} shallow · ${formatBytes(object.retainedSize)} retained`),
    '',
  ];
  if (paths.length === 0) text.push('Nothing that counts keeps it alive: it is a root, or only weak references lead to it.', '');
  paths.forEach((path, i) => {
    text.push(paths.length > 1 ? `Way ${i + 1} of ${paths.length} to a root` : 'The way to a root', ...path.flatMap(describeStep), '');
  });
  if (allocatedAt) {
    text.push('Allocated in');
    for (const { name, url, line, column } of allocatedAt) text.push(`  ${printable(name || '(anonymous)')}  ${printable(url)}:${line}:${column}`);
    text.push('');
  }
  return text.join('\n');
}

/** What has no name is told by what it is. */
function nameOf({ name, type, id }: HeapObject): string {
  if (name !== '') return printable(name);
  if (id === 1 || type === 'synthetic') return '(root)';
  return type === 'closure' ? 'function (anonymous)' : `(${type})`;
}

function describeStep(step: HeapStep): string[] {
  const { edge, type, place, leftOut } = step;
  const held = `  ${shorten(printable(edge), 80)} of ${shorten(nameOf(step), 60)} @${step.id}${place ? `  ${printable(fileText(place.file, [process.cwd()]))}:${place.line}` : ''}`;
  const line = edge.endsWith(loopCall) ? `${held}  (Plateau's own: it calls the function)` : held;
  const gap = leftOut ? [styled('dim', `  … ${leftOutText(leftOut)}`)] : [];
  return [own.has(type) ? styled('dim', line) : line, ...gap];
}
