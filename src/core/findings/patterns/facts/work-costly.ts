/** What costs much each time by its nature, whatever it is given: questions to the system, traces, copies for other threads, some calls of packages. */
import { packageOf } from '../imports';
import { isFunction, methodOf, namedArguments, receiverOf, type SyntaxNode, unwrapped } from '../syntax';
import { declarationOf } from '../values';
import { blockingWords } from './work-blocking';
import { costlyCalls, type PackageCall } from './work-packages';
import type { CostlyWords } from './work-types';

/** Costly work of a node. */
export interface CostlyWork {
  readonly name: string;
  readonly words: CostlyWords;
  readonly inputs: readonly SyntaxNode[];
}

const fromSystem = 'Ask now and then, as once a second by a timer or once for a thousand items, and keep the answer.';
const envWords: CostlyWords = {
  deed: 'reads `process.env`',
  why: 'Each read asks the operating system.',
  advice: 'Read it once at the start into a constant, as a number or a boolean where it is one, and use that.',
};
const traceWords: CostlyWords = {
  deed: 'makes a stack trace',
  why: 'V8 walks the stack, looks up each place and writes all of it as text.',
  advice:
    'Do without it where it runs often: pass the name of the place, or make a trace only for what is shown. Where it is needed, a lower Error.stackTraceLimit makes it cheaper.',
  frames: ['defaultPrepareStackTrace', 'prepareStackTrace', 'prepareStackTraceCallback', 'get stack', 'stack', 'captureStackTrace', 'prepareCallback'],
};
const markupWords: CostlyWords = {
  deed: 'writes out and parses all of the element again (`innerHTML +=`)',
  why: 'The time grows with what is there already.',
  advice: "Add only what is new: insertAdjacentHTML('beforeend', …) or append; of many parts join the text first and set it once.",
  frames: ['set innerHTML', 'get innerHTML', 'innerHTML', 'set outerHTML', 'outerHTML'],
};
const bytesWords: CostlyWords = {
  deed: 'reads a file a byte or a few at a time',
  why: 'Each read is a call of the operating system.',
  advice: 'Read blocks of 64 KB or more into one buffer, and look for the bytes in it.',
  frames: ['readSync', 'read'],
};
const copyWords = (what: string): CostlyWords => ({
  deed: `copies \`${what}\` for another thread`,
  why: 'All that hangs on it is written (structured clone), and read again on the other side.',
  advice:
    'Send what stays the same once (workerData, a first message), and with each task only what is new, such as an index. Give ArrayBuffers away (transferList) or share them (SharedArrayBuffer).',
  frames: ['postMessage'],
});

const localeWords = (name: string): CostlyWords => ({
  deed: `makes a formatter for one value (\`${name}\` with options)`,
  why: 'With options nothing is kept: each call resolves the language, the time zone and the options, some fifty times the cost of formatting.',
  advice:
    'Make one Intl.DateTimeFormat or Intl.NumberFormat for each language, time zone and set of options, keep it in a Map, and call its format (formatToParts for the parts).',
  frames: [name],
});

/** Methods of modules of Node.js that ask the operating system or V8 for more than they seem to. */
const systemCalls: Readonly<Record<string, readonly [modules: RegExp, words: CostlyWords]>> = {
  memoryUsage: [
    /^process$/,
    {
      deed: 'measures the memory of the process',
      advice: `${fromSystem} For the resident size alone process.memoryUsage.rss() is much cheaper.`,
      frames: ['memoryUsage'],
    },
  ],
  resourceUsage: [/^process$/, { deed: 'asks the system what the process has used', advice: fromSystem, frames: ['resourceUsage'] }],
  cpuUsage: [/^process$/, { deed: 'asks the system what the process has used', advice: fromSystem, frames: ['cpuUsage'] }],
  cwd: [/^process$/, { deed: 'asks the system for the working directory', advice: 'Read it once at the start, and keep it.', frames: ['cwd', 'wrappedCwd'] }],
  cpus: [/^os$/, { deed: 'asks the system for its processors', advice: fromSystem, frames: ['cpus', 'getCPUs'] }],
  networkInterfaces: [/^os$/, { deed: 'asks the system for its network', advice: fromSystem, frames: ['networkInterfaces', 'getInterfaceAddresses'] }],
  hostname: [/^os$/, { deed: 'asks the system for its name', advice: 'Read it once at the start, and keep it.', frames: ['hostname', 'getHostname'] }],
  getHeapStatistics: [/^v8$/, { deed: 'measures the heap', advice: fromSystem, frames: ['getHeapStatistics'] }],
  getHeapSpaceStatistics: [/^v8$/, { deed: 'measures the heap', advice: fromSystem, frames: ['getHeapSpaceStatistics'] }],
};

/** What a node does that costs by itself; undefined for most. */
export function costlyWorkAt(node: SyntaxNode): CostlyWork | undefined {
  switch (node.type) {
    case 'member_expression':
      return memberWork(node);
    case 'subscript_expression':
      return isEnvironment(node.childForFieldName('object')) && !isWritten(node) ? { name: 'process.env', words: envWords, inputs: [] } : undefined;
    case 'variable_declarator': {
      const isTaken = node.childForFieldName('name')?.type === 'object_pattern' && isEnvironment(node.childForFieldName('value'));
      return isTaken ? { name: 'process.env', words: envWords, inputs: [] } : undefined;
    }
    case 'augmented_assignment_expression':
    case 'assignment_expression':
      return markupWork(node);
    case 'call_expression':
      return callWork(node);
    default:
      return undefined;
  }
}

function memberWork(node: SyntaxNode): CostlyWork | undefined {
  const object = node.childForFieldName('object');
  if (!object) return undefined;
  if (isEnvironment(object)) return isWritten(node) ? undefined : { name: 'process.env', words: envWords, inputs: [] };
  if (node.childForFieldName('property')?.text !== 'stack') return undefined;
  const made = unwrapped(object);
  const value = made.type === 'identifier' ? declarationOf(made)?.node.childForFieldName('value') : made;
  const isError = value?.type === 'new_expression' && /Error$/.test(value.childForFieldName('constructor')?.text ?? '');
  return isError && !isWritten(node) ? { name: 'stack', words: traceWords, inputs: [] } : undefined;
}

/** `process.env`, or `env` of `node:process`. */
function isEnvironment(node: SyntaxNode | null): boolean {
  if (!node) return false;
  const it = unwrapped(node);
  if (it.type === 'member_expression') return it.childForFieldName('property')?.text === 'env' && moduleOf(it.childForFieldName('object')) === 'process';
  return it.type === 'identifier' && it.text === 'env' && importedFrom(it) === 'process';
}

function isWritten(node: SyntaxNode): boolean {
  const { parent } = node;
  if (parent?.type === 'unary_expression') return parent.text.startsWith('delete');
  return parent?.type === 'assignment_expression' && parent.childForFieldName('left')?.id === node.id;
}

/** `element.innerHTML += text`, `element.innerHTML = element.innerHTML + text`. */
function markupWork(node: SyntaxNode): CostlyWork | undefined {
  const left = node.childForFieldName('left');
  const property = left?.childForFieldName('property')?.text;
  if (left?.type !== 'member_expression' || (property !== 'innerHTML' && property !== 'outerHTML')) return undefined;
  const right = node.childForFieldName('right');
  const isAdded =
    node.type === 'augmented_assignment_expression' || (right?.type === 'binary_expression' && right.childForFieldName('left')?.text === left.text);
  return isAdded ? { name: property, words: markupWords, inputs: [] } : undefined;
}

function callWork(node: SyntaxNode): CostlyWork | undefined {
  const callee = node.childForFieldName('function');
  if (!callee) return undefined;
  const method = methodOf(node) ?? (callee.type === 'identifier' ? callee.text : '');
  const given = namedArguments(node);
  const receiver = receiverOf(node);
  const module = receiver ? moduleOf(receiver) : callee.type === 'identifier' ? importedFrom(callee) : undefined;
  const blocking = module === undefined || !given[0] ? undefined : blockingWords(module, method, shown(given[0]));
  if (blocking) return { name: method, words: blocking, inputs: given };
  if (/^toLocale(?:Date|Time)?String$/.test(method) && receiver && given.length > 1) return { name: method, words: localeWords(method), inputs: given };
  const [, system] = systemWork(method, receiver, callee) ?? [];
  if (system) return { name: method, words: system, inputs: given };
  if (method === 'captureStackTrace' && /Error$/.test(receiver?.text ?? '')) return { name: method, words: traceWords, inputs: [] };
  if (method === 'trace' && receiver?.text === 'console') return { name: method, words: traceWords, inputs: [] };
  if (method === 'postMessage' && receiver && given[0]) return { name: method, words: copyWords(shown(given[0])), inputs: given };
  if ((method === 'readSync' || method === 'read') && isFewBytes(given, receiver)) return { name: method, words: bytesWords, inputs: [] };
  const known = packageCall(node, callee, method);
  return known && { name: method, words: known, inputs: given };
}

function systemWork(method: string, receiver: SyntaxNode | undefined, callee: SyntaxNode): readonly [RegExp, CostlyWords] | undefined {
  const known = Object.hasOwn(systemCalls, method) ? systemCalls[method] : undefined;
  const from = known && (receiver ? moduleOf(receiver) : callee.type === 'identifier' ? importedFrom(callee) : undefined);
  return known && from !== undefined && known[0].test(from) ? known : undefined;
}

/** The module of Node.js that a name stands for; `process` is there without import. */
function moduleOf(node: SyntaxNode | null | undefined): string | undefined {
  if (node?.type !== 'identifier') return undefined;
  return importedFrom(node) ?? (node.text === 'process' && !declarationOf(node) ? 'process' : undefined);
}

/** Which module of Node.js a name is imported or required from. */
function importedFrom(name: SyntaxNode): string | undefined {
  const node = declarationOf(name)?.node;
  const from =
    node?.type === 'import_statement'
      ? node.childForFieldName('source')?.text
      : /^require\(\s*(['"][^'"]+['"])\s*\)$/.exec(node?.childForFieldName('value')?.text ?? '')?.[1];
  return from === undefined ? undefined : /^(?:node:)?(\w+)$/.exec(from.slice(1, -1))?.[1];
}

const FEW_BYTES = 16;

/** `readSync(fd, buffer, 0, 1, at)`, `readSync(fd, buffer, { length: 1 })`, or a buffer of a few bytes. */
function isFewBytes(given: readonly SyntaxNode[], receiver: SyntaxNode | undefined): boolean {
  // `handle.read(buffer, offset, length)` has no descriptor.
  const at = receiver === undefined || /^(?:fs|fsSync|node_fs)$/.test(receiver.text) ? 1 : 0;
  const [buffer, offset, length] = given.slice(at);
  if (!buffer) return false;
  const option = offset?.type === 'object' ? offset.namedChildren.find((one) => one.childForFieldName('key')?.text === 'length') : undefined;
  const asked = numberOf(option?.childForFieldName('value') ?? length);
  if (asked !== undefined) return asked > 0 && asked <= FEW_BYTES;
  const made = buffer.type === 'identifier' ? declarationOf(buffer)?.node.childForFieldName('value') : undefined;
  if (made?.type !== 'call_expression' && made?.type !== 'new_expression') return false;
  const maker = (made.childForFieldName('function') ?? made.childForFieldName('constructor'))?.text ?? '';
  const size = numberOf(namedArguments(made)[0]);
  return /^(?:Buffer\.alloc(?:Unsafe(?:Slow)?)?|Uint8Array)$/.test(maker) && size !== undefined && size <= FEW_BYTES;
}

/** A number as it is written, or that of a constant. */
function numberOf(node: SyntaxNode | undefined | null): number | undefined {
  if (!node) return undefined;
  if (node.type === 'number') return Number(node.text);
  if (node.type !== 'identifier') return undefined;
  const declaration = declarationOf(node)?.node;
  const value = declaration?.parent?.text.startsWith('const') ? declaration.childForFieldName('value') : undefined;
  return value?.type === 'number' ? Number(value.text) : undefined;
}

/** A call that is known of a package: imported by its name, of what is imported, or, where anything may hold it, by its method alone. */
function packageCall(node: SyntaxNode, callee: SyntaxNode, method: string): CostlyWords | undefined {
  const known = Object.hasOwn(costlyCalls, method) ? (costlyCalls[method] as readonly PackageCall[]) : [];
  if (known.length === 0) return undefined;
  const [first] = namedArguments(node);
  // What is compiled once is kept; what a callback picks is no selector.
  if (/\bcache\s*:\s*true/.test(node.text)) return undefined;
  const isText = first !== undefined && !isFunction(first) && first.type !== 'object';
  const from = packageOf(callee);
  return known.find(
    ({ packages, isOfObject, takesText }) =>
      (!takesText || isText) && (from === undefined ? isOfObject === true && receiverOf(node) !== undefined : packages.includes(from)),
  )?.words;
}

const shown = (node: SyntaxNode): string =>
  node.text
    .slice(0, 40)
    .replace(/[\s`]+/g, ' ')
    .trim();
