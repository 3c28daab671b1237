import fs from 'node:fs/promises';
import path from 'node:path';
import * as astGrep from '@ast-grep/wasm/wasm_bg.js';
import { Edit, Language, Parser, type Tree } from 'web-tree-sitter';
import { withEdits } from '../../core/findings/patterns/fixes/fixer';
import type { AstRule, PatternLanguage } from '../../core/findings/patterns/pattern-rule';
import type { Hit, ParsedText, SyntaxEngine } from '../../core/findings/patterns/scan';
import type { TextEdit } from '../../shared/reported-finding';

/** The names of a rule's variables, `$A` and `$$$ARGS`, wherever they stand in it. */
function variablesOf(ast: AstRule): string[] {
  return [...new Set(Array.from(JSON.stringify(ast).matchAll(/\${1,3}([A-Z][A-Z0-9_]*)/g), (found) => found[1] as string))];
}

/** Syntax trees of the languages that have been loaded. */
export interface PatternEngine extends SyntaxEngine {
  /** Loads the grammars that are not there yet. */
  load(languages: readonly PatternLanguage[]): Promise<void>;
}

/**
 * Loads tree-sitter and ast-grep, WebAssembly both, from a folder with their files and
 * the grammars. About 100 ms. Once a thread: the libraries keep what they load to themselves.
 */
export async function openPatternEngine(folder: string): Promise<PatternEngine> {
  const bytes = await fs.readFile(path.join(folder, 'ast-grep.wasm'));
  // The package is made for bundlers that import WebAssembly; here it is instantiated by hand.
  const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes), { './wasm_bg.js': astGrep });
  astGrep.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  await Parser.init({ locateFile: () => path.join(folder, 'tree-sitter.wasm') });
  await astGrep.initializeTreeSitter();
  const parsers = new Map<PatternLanguage, Parser>();
  return {
    async load(languages) {
      for (const language of languages) {
        if (parsers.has(language)) continue;
        const libraryPath = path.join(folder, `tree-sitter-${language}.wasm`);
        await astGrep.registerDynamicLanguage({ [language]: { libraryPath, ...expando(language) } });
        const parser = new Parser();
        parser.setLanguage(await Language.load(libraryPath));
        parsers.set(language, parser);
      }
    },
    parse(language, text) {
      const parser = parsers.get(language);
      if (!parser) throw new Error(`no grammar of ${language}`);
      return parsed(parser, text, null);
    },
    searcher(language, text) {
      const document = astGrep.parse(language, text);
      const root = document.root();
      return {
        search: (ast) => hitsOf(root, ast),
        close() {
          root.free();
          document.free();
        },
      };
    },
  };
}

function parsed(parser: Parser, text: string, known: Tree | null): ParsedText {
  const tree = parser.parse(text, known);
  if (!tree) throw new Error('no tree of a text');
  return {
    root: tree.rootNode,
    reparse(edits) {
      const copy = tree.copy();
      try {
        // From the end, so that the places of the edits before stay as they are.
        for (const edit of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) copy.edit(changeOf(text, edit));
        return parsed(parser, withEdits(text, edits), copy);
      } finally {
        copy.delete();
      }
    },
    close: () => tree.delete(),
  };
}

/** An edit as tree-sitter takes it. */
function changeOf(text: string, { start, end, text: inserted }: TextEdit): Edit {
  const startPosition = pointAt(text, start);
  const last = inserted.lastIndexOf('\n');
  const column = last < 0 ? startPosition.column + inserted.length : inserted.length - last - 1;
  return new Edit({
    startIndex: start,
    oldEndIndex: end,
    newEndIndex: start + inserted.length,
    startPosition,
    oldEndPosition: pointAt(text, end),
    newEndPosition: { row: startPosition.row + inserted.split('\n').length - 1, column },
  });
}

function pointAt(text: string, offset: number): { readonly row: number; readonly column: number } {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}

/** What stands for `$` in patterns of languages whose names have none. */
const expando = (language: PatternLanguage): { expandoChar?: string } => (language === 'python' || language === 'go' ? { expandoChar: 'µ' } : {});

/** Throws for a rule that ast-grep does not take. */
function hitsOf(root: astGrep.SgNode, ast: AstRule): Hit[] {
  const names = variablesOf(ast);
  return root.findAll({ rule: ast }).map((node) => {
    const [start, end] = extentOf(node);
    const captures: (readonly [string, number, number])[] = [];
    for (const name of names) {
      const single = node.getMatch(name);
      if (single) {
        captures.push([name, ...extentOf(single)]);
        single.free();
        continue;
      }
      const several = node.getMultipleMatches(name);
      const extents = several.map(extentOf);
      for (const one of several) one.free();
      const first = extents[0];
      const last = extents.at(-1);
      if (first && last) captures.push([name, first[0], last[1]]);
    }
    node.free();
    return { start, end, captures };
  });
}

function extentOf(node: astGrep.SgNode): [number, number] {
  const range = node.range();
  const { start, end } = range;
  const extent: [number, number] = [start.index, end.index];
  start.free();
  end.free();
  range.free();
  return extent;
}
