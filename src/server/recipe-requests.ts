import { createHash } from 'node:crypto';
import path from 'node:path';
import { attachableProcesses } from '../capture/attach/node-processes';
import { homeFolder } from '../files/home-folder';
import { runWays } from '../service/recording/run-ways';
import { openRecipe } from '../service/recordings/own-key';
import type { RequestThread } from '../service/requests/request-thread';
import type { SourceParser } from '../service/support/source-parser';
import { withoutSecrets } from '../shared/secrets';
import { functionAtOffset } from '../source/parse/parse-functions';
import { checkArguments } from '../source/parse/parse-source';
import type { PlateauConnection } from './connection';

/** Answers what is asked while a recipe is chosen: the function at the cursor, its arguments, what runs, what was recorded how. */
export function answerRecipes(
  plateau: PlateauConnection,
  parser: Pick<SourceParser, 'functions' | 'outline'>,
  requests: Pick<RequestThread, 'info'>,
  { roots, bundleFolder }: { readonly roots: () => readonly string[]; readonly bundleFolder: string },
): void {
  plateau.onRequest('plateau/functionAt', async ({ file, text, offset }) => {
    const functions = await parser.functions(text, file);
    if (functions === 'late') return { failed: 'The functions of the file cannot be found: to parse it takes too long. Run "Plateau: Profile Active File".' };
    if (!functions) return { failed: 'The file has a syntax error, so its functions cannot be found. Correct it and try again.' };
    const found = functionAtOffset(functions, offset);
    if (!found) return { failed: 'The cursor is not in a function. Put it in the function to profile, or run "Plateau: Profile Active File".' };
    const { name, kind, v8Line, v8Column, nameLine, nameColumn, nameEndColumn, exported, local, signature } = found;
    return { file, name, kind, line: v8Line + 1, column: v8Column + 1, nameRange: [nameLine, nameColumn, nameEndColumn], exported, local, signature };
  });

  plateau.onRequest('plateau/runWays', async ({ file, text, offset, root }) => {
    const outline = text === undefined ? undefined : await parser.outline(text, file);
    return runWays(file, outline === 'late' ? undefined : outline, offset, root);
  });
  plateau.onRequest('plateau/testBlocks', async ({ file, text }) => {
    const outline = await parser.outline(text, file);
    if (!outline || outline === 'late') return [];
    return outline.tests.map(({ line, start, names, isSuite }) => ({ line, offset: start, label: `${isSuite ? 'suite' : 'test'} ${names.at(-1)}` }));
  });

  plateau.onRequest('plateau/checkArguments', ({ text }) => {
    const checked = checkArguments(text);
    return { message: checked.ok ? undefined : `${checked.message} (column ${checked.column})` };
  });
  plateau.onRequest('plateau/nodeProcesses', async () => {
    const found = await attachableProcesses([process.pid, process.ppid], roots(), bundleFolder);
    const home = homeFolder();
    const shown = (text: string): string => withoutSecrets(home === '' ? text : text.replace(home, '~'));
    return found.map(({ command, startedBy, ...rest }) => ({
      ...rest,
      command: shown(command),
      startedBy: startedBy === undefined ? undefined : shown(startedBy),
    }));
  });
  plateau.onRequest('plateau/recipe', async ({ file }) => {
    const info = await requests.info(file);
    if (!info) return undefined;
    const opened = await openRecipe(info);
    const hash = createHash('sha256')
      .update(JSON.stringify([path.resolve(file), info.recipe]))
      .digest('hex');
    return { ...opened, hash, focus: info.focus };
  });
}
