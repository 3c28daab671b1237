import type * as t from '@babel/types';
import { parseSource, walk } from './parse-source';

/** A test or a suite of tests, as `test('…', …)` and `describe('…', …)` declare it. */
export interface TestBlock {
  readonly start: number;
  readonly end: number;
  /** 0-based. */
  readonly line: number;
  /** From the outermost suite to its own. */
  readonly names: readonly string[];
  readonly isSuite: boolean;
  /** False where a name is not known as a whole: `test.each`, an expression. Such a name goes as far as it is known, and may be empty. */
  readonly isExact: boolean;
}

export type TestFramework = 'vitest' | 'jest' | 'mocha' | 'node';

/** What of a file may be run. */
export interface FileOutline {
  readonly tests: readonly TestBlock[];
  /** By what the file imports; undefined where its tests come from globals. */
  readonly framework: TestFramework | undefined;
  /** Whether running the file would do nothing but declare. */
  readonly onlyDeclares: boolean;
}

const SUITES = new Set(['describe', 'suite', 'context', 'fdescribe', 'xdescribe']);
const TESTS = new Set(['test', 'it', 'specify', 'fit', 'xit', 'xtest', 'bench']);
const FRAMEWORKS: Readonly<Record<string, TestFramework>> = { vitest: 'vitest', '@jest/globals': 'jest', mocha: 'mocha', 'node:test': 'node' };
/** A table of tests has this many at most here. */
const MOST_TESTS = 5000;

/** The tests of a file, and what running it does; undefined for a text that cannot be parsed. */
export function fileOutline(text: string, file: string): FileOutline | undefined {
  const ast = parseSource(text, file);
  if (!ast) return undefined;
  const tests: TestBlock[] = [];
  walk(ast.program, (node, parents) => {
    if (tests.length >= MOST_TESTS || node.type !== 'CallExpression') return;
    const own = blockOf(node);
    if (!own || node.start == null || node.end == null || !node.loc) return;
    const outer = parents.flatMap((one) => (one.type === 'CallExpression' ? (blockOf(one) ?? []) : []));
    const all = [...outer, own];
    tests.push({
      start: node.start,
      end: node.end,
      line: node.loc.start.line - 1,
      names: all.map(({ name }) => name),
      isSuite: own.isSuite,
      isExact: all.every(({ isExact }) => isExact),
    });
  });
  return { tests: tests.sort((a, b) => a.start - b.start), framework: frameworkOf(ast.program), onlyDeclares: ast.program.body.every(declares) };
}

/** The innermost test or suite around an offset. */
export function testAt(tests: readonly TestBlock[], offset: number): TestBlock | undefined {
  let best: TestBlock | undefined;
  for (const one of tests) if (one.start <= offset && offset <= one.end && (!best || one.start >= best.start)) best = one;
  return best;
}

interface Block {
  readonly name: string;
  readonly isSuite: boolean;
  readonly isExact: boolean;
}

/** `test('a', …)`, `describe.only('a', …)`, `it.each(table)('a %i', …)`, and `t.test('a', …)` of node:test. */
function blockOf({ callee, arguments: given }: t.CallExpression): Block | undefined {
  if (given.length < 2 && !given.some((one) => one.type === 'ArrowFunctionExpression' || one.type === 'FunctionExpression')) return undefined;
  let head: t.Node = callee;
  let isTable = false;
  const members: string[] = [];
  for (;;) {
    if (head.type === 'CallExpression') head = head.callee;
    else if (head.type === 'TaggedTemplateExpression') head = head.tag;
    else if (head.type === 'MemberExpression' && head.property.type === 'Identifier' && !head.computed) {
      members.push(head.property.name);
      if (head.property.name === 'each' || head.property.name === 'for') isTable = true;
      head = head.object;
    } else break;
  }
  if (head.type !== 'Identifier') return undefined;
  const word = members.length === 1 && TESTS.has(members[0] as string) ? (members[0] as string) : head.name;
  const isSuite = SUITES.has(word);
  if (!isSuite && !TESTS.has(word)) return undefined;
  // The table itself is no test: only what is called with its name.
  if (isTable && callee.type === 'MemberExpression') return undefined;
  const [first] = given;
  const whole =
    first?.type === 'StringLiteral'
      ? first.value
      : first?.type === 'TemplateLiteral' && first.expressions.length === 0
        ? first.quasis[0]?.value.cooked
        : undefined;
  const known = whole ?? (first?.type === 'TemplateLiteral' ? first.quasis[0]?.value.cooked : undefined) ?? '';
  const name = isTable ? known.replace(/[%$].*$/s, '') : known;
  return { name, isSuite, isExact: !isTable && whole !== undefined };
}

function frameworkOf({ body }: t.Program): TestFramework | undefined {
  for (const node of body) {
    if (node.type === 'ImportDeclaration' && FRAMEWORKS[node.source.value]) return FRAMEWORKS[node.source.value];
    if (node.type !== 'VariableDeclaration') continue;
    for (const { init } of node.declarations) {
      const call = init?.type === 'MemberExpression' ? init.object : init;
      const [name] = call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === 'require' ? call.arguments : [];
      if (name?.type === 'StringLiteral' && FRAMEWORKS[name.value]) return FRAMEWORKS[name.value];
    }
  }
  return undefined;
}

/** Whether a statement at the top of a module does nothing that could be measured: no call of its own, no loop. */
function declares(node: t.Statement): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'EmptyStatement':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
    case 'TSDeclareFunction':
    case 'TSModuleDeclaration':
    case 'TSImportEqualsDeclaration':
    case 'TSExportAssignment':
    case 'TypeAlias':
    case 'InterfaceDeclaration':
    case 'DeclareFunction':
    case 'DeclareVariable':
      return true;
    case 'ExportNamedDeclaration':
      return !node.declaration || declares(node.declaration);
    case 'ExportDefaultDeclaration':
      return node.declaration.type !== 'AwaitExpression' && node.declaration.type !== 'CallExpression';
    case 'VariableDeclaration':
      return node.declarations.every(({ init }) => init?.type !== 'AwaitExpression');
    case 'ExpressionStatement':
      return node.expression.type === 'AssignmentExpression' ? node.expression.left.type === 'MemberExpression' : node.expression.type === 'StringLiteral';
    default:
      return false;
  }
}
