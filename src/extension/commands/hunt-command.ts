import { randomUUID } from 'node:crypto';
import type { InferOutput } from 'valibot';
import * as vscode from 'vscode';
import { type HuntDone, huntPlanSchema, type ToHuntPanel } from '../../protocol/heap-record';
import { isFailure } from '../../protocol/lsp';
import { type Exercise, exerciseTitle, type HuntLeak } from '../../shared/hunt';
import { parseRequest, type RequestExercise } from '../../shared/hunt-request';
import { type Recipe, recipeTitle } from '../../shared/recipe';
import { fitting } from '../../shared/schemas/read-json';
import { othersOf, wantedText } from '../../shared/thread-choice';
import { type HuntPanel, huntPanel, revealHuntPanel } from '../editors/hunt-panel';
import { profilesFolder } from '../folders';
import type { Server } from '../server-client';
import { readSetting } from '../settings';
import { terminalDone } from '../terminals';
import { askText, messageOf, type PickItem, pickOne, showInfo, withProgress } from '../ui';
import { loopChoice } from './ask-loop';
import { chooseRecipe, chooseTarget } from './choose-recipe';
import { chooseThread } from './choose-thread';
import { activeScript, currentWorkspace, isBusy } from './heap-commands';
import { mayLaunch } from './profile-commands';
import { setRunning } from './run-recording';

/** What a hunt does; enough to do it again. */
export type HuntPlan = InferOutput<typeof huntPlanSchema>;

const KEY = 'hunt';
/** Fewer do not tell a leak from chance. */
const MIN_TIMES = 3;

export interface HuntCommands {
  /** Asks what is not given, hunts, and shows what was found. */
  hunt(plan?: HuntPlan): Promise<HuntDone | undefined>;
  /** Saves, hunts as before, and says what is gone. */
  again(): Promise<HuntDone | undefined>;
  /** Hunts as before, in another of the threads that the last hunt has seen. */
  inOtherThread(): Promise<HuntDone | undefined>;
  /** Brings the panel of the last hunt back. */
  show(): Promise<void>;
}

export function huntCommands(context: vscode.ExtensionContext, server: Server): HuntCommands {
  /** What was hunted last; the leaks are those of the last hunt that came to its end. */
  let last:
    | { readonly plan: HuntPlan; readonly workspace: vscode.WorkspaceFolder; readonly leaks: readonly HuntLeak[]; readonly result: ToHuntPanel | undefined }
    | undefined;
  const hunt = async (given?: HuntPlan): Promise<HuntDone | undefined> => {
    if (!mayLaunch()) return undefined;
    const workspace = currentWorkspace();
    if (!workspace) return undefined;
    if (isBusy()) return undefined;
    const plan = fitting(given, huntPlanSchema) ?? (await choosePlan(context, server, workspace.uri.fsPath));
    if (!plan) return undefined;
    await context.workspaceState.update(KEY, plan.recipe.kind === 'process' ? undefined : plan);
    // Another may have begun while the questions were open.
    return isBusy() ? undefined : run(plan, workspace, undefined);
  };

  const open = (plan: HuntPlan, cancel: () => void, next: () => void): Promise<HuntPanel> =>
    huntPanel(context, begin(plan), { next, cancel, again: async () => void (await again()), otherThread: async () => void (await inOtherThread()) });

  const run = async (plan: HuntPlan, workspace: vscode.WorkspaceFolder, before: readonly HuntLeak[] | undefined): Promise<HuntDone | undefined> => {
    const token = randomUUID();
    const cancel = (): void => server.notify('plateau/recordStop', { token, keep: false });
    const panel = await open(plan, cancel, () => server.notify('plateau/huntNext', { token }));
    last = { plan, workspace, leaks: before ?? [], result: undefined };
    void vscode.commands.executeCommand('setContext', 'plateau.hasHunt', true);
    const events = server.on('plateau/huntEvent', (event) => event.token === token && panel.send({ kind: 'event', event: event.event }));
    setRunning({ stop: cancel, cancel });
    try {
      const done = await withProgress({ isQuiet: true, title: 'Plateau: hunting a leak' }, () =>
        server.request('plateau/hunt', {
          ...plan,
          token,
          folder: profilesFolder(workspace).fsPath,
          nodePath: readSetting('nodePath', workspace),
        }),
      );
      terminalDone(!isFailure(done));
      if (isFailure(done)) {
        panel.send({ kind: 'failed', message: done.isCancelled ? 'The hunt was cancelled; nothing was kept.' : done.failed });
        return undefined;
      }
      const result: ToHuntPanel = { kind: 'result', result: done.result, before };
      last = { plan, workspace, leaks: done.result.leaks, result };
      panel.send(result);
      return done;
    } catch (error) {
      panel.send({ kind: 'failed', message: `The hunt failed: ${messageOf(error)}` });
      return undefined;
    } finally {
      events.dispose();
      setRunning(undefined);
    }
  };

  const again = async (): Promise<HuntDone | undefined> => {
    if (!last) return hunt();
    if (!mayLaunch() || isBusy()) return undefined;
    const { plan, workspace, leaks } = last;
    await vscode.workspace.saveAll(false);
    return run(plan, workspace, leaks);
  };

  const inOtherThread = async (): Promise<HuntDone | undefined> => {
    if (!mayLaunch() || isBusy()) return undefined;
    const found = last?.result?.kind === 'result' ? last.result.result : undefined;
    const others = othersOf({ others: found?.others });
    if (!last || !found?.watched || others.length === 0) {
      void showInfo('The last leak hunt has seen one thread alone. Hunt a leak in a program with several first.');
      return undefined;
    }
    const { plan, workspace } = last;
    const wanted = await chooseThread('Hunt in which thread?', plan.recipe, found.watched, others);
    return wanted && !isBusy() ? run({ ...plan, wanted }, workspace, undefined) : undefined;
  };

  const show = async (): Promise<void> => {
    if (revealHuntPanel() || !last?.result) return;
    const nothing = (): void => {}; // it is over
    const panel = await open(last.plan, nothing, nothing);
    panel.send(last.result);
  };
  return { hunt, again, inOtherThread, show };
}

const begin = (plan: HuntPlan): ToHuntPanel => ({
  kind: 'begin',
  title: `${recipeTitle(plan.recipe)}, ${exerciseTitle(plan.exercise)}`,
  isByHand: plan.exercise.kind === 'by-hand',
});

interface Way extends PickItem {
  readonly choose: () => Promise<{ recipe: Recipe | undefined; exercise: Exercise } | HuntPlan | undefined>;
}

async function choosePlan(context: vscode.ExtensionContext, server: Server, cwd: string): Promise<HuntPlan | undefined> {
  const last = fitting(context.workspaceState.get<unknown>(KEY), huntPlanSchema);
  const document = await activeScript();
  const cursor = vscode.window.activeTextEditor?.selection.active;
  const target =
    document && cursor
      ? await server.request('plateau/functionAt', { file: document.uri.fsPath, text: document.getText(), offset: document.offsetAt(cursor) })
      : undefined;
  const ways: Way[] = [];
  if (last)
    ways.push({
      icon: 'history',
      label: `${recipeTitle(last.recipe)}, ${exerciseTitle(last.exercise)}`,
      description: `as last time${last.wanted ? `, in ${wantedText(last.wanted)}` : ''}`,
      choose: async () => last,
    });
  ways.push({
    icon: 'globe',
    label: 'Send HTTP requests…',
    description: 'to a server that is launched or runs',
    choose: async () => withExercise(await askRequest(last)),
  });
  if (target && !isFailure(target) && (target.exported ?? target.local)) {
    const choice = loopChoice(server, target, cwd, undefined, true);
    ways.push({
      icon: 'sync',
      label: `Call ${target.name || 'this function'}…`,
      description: 'an exported function, with arguments',
      choose: async () => ({ recipe: await choice.choose?.(), exercise: { kind: 'call' } }),
    });
  }
  ways.push(
    { icon: 'terminal', label: 'Run a command…', description: 'once for each time', choose: async () => withExercise(await askCommand(cwd, last)) },
    { icon: 'person', label: 'By hand…', description: 'you do it, and press Next', choose: async () => withExercise({ kind: 'by-hand' }) },
  );
  const way = await pickOne(ways, {
    title: 'Hunt a Leak: how do you want to exercise the program?',
    placeHolder: 'What may leak is done over and over between three heap snapshots',
    matchOnDescription: true,
  });
  const chosen = await way?.choose();
  if (!chosen) return undefined;
  if ('times' in chosen) return chosen;
  const recipe =
    chosen.recipe ??
    (chosen.exercise.kind === 'call'
      ? undefined
      : document
        ? await chooseRecipe(context, server, { file: document.uri.fsPath, text: document.getText(), cwd }, 'hunt')
        : await chooseTarget(context, server, cwd, 'hunt'));
  if (!recipe) return undefined;
  const times = chosen.exercise.kind === 'by-hand' ? 1 : await askTimes(last);
  if (times === undefined) return undefined;
  const tracksAllocations = readSetting('hunt.trackAllocations');
  return { recipe, exercise: chosen.exercise, times, warmup: chosen.exercise.kind === 'by-hand' ? 2 : times, tracksAllocations };
}

const withExercise = (exercise: Exercise | undefined): { recipe: undefined; exercise: Exercise } | undefined => exercise && { recipe: undefined, exercise };

async function askRequest(last: HuntPlan | undefined): Promise<Exercise | undefined> {
  const before = last?.exercise.kind === 'requests' ? last.exercise : undefined;
  const parse = (value: string): RequestExercise | undefined => {
    const request = parseRequest(value);
    return request && URL.canParse(request.url) ? request : undefined;
  };
  const text = await askText({
    title: 'Requests',
    prompt: 'METHOD URL, and a body after it if there is one; JSON is sent as JSON',
    value: before ? [before.method, before.url, before.body].filter(Boolean).join(' ') : 'GET http://127.0.0.1:3000/',
    check: (value) => (parse(value) ? undefined : 'Expected METHOD URL, as GET http://127.0.0.1:3000/'),
  });
  const request = text === undefined ? undefined : parse(text);
  // A token is for whom it was given.
  const isSame = request && before && new URL(request.url).origin === new URL(before.url).origin;
  return isSame && before.headers ? { ...request, headers: before.headers } : request;
}

async function askCommand(cwd: string, last: HuntPlan | undefined): Promise<Exercise | undefined> {
  const command = await askText({
    title: 'Command',
    prompt: `Runs in ${cwd}, once for each time; it has to end with exit code 0`,
    value: last?.exercise.kind === 'command' ? last.exercise.command : '',
    check: (text) => (text.trim() === '' ? 'Give a command.' : undefined),
  });
  return command === undefined ? undefined : { kind: 'command', command, cwd };
}

async function askTimes(last: HuntPlan | undefined): Promise<number | undefined> {
  const text = await askText({
    title: 'How often in each round?',
    prompt: 'As often again before the first snapshot, to fill caches; a number that is no multiple of others tells leaks best',
    value: String(last && last.times >= MIN_TIMES ? last.times : 31), // by hand, it was once

    check: (value) =>
      /^\d+$/.test(value) && Number(value) >= MIN_TIMES && Number(value) <= 100_000 ? undefined : `Give a whole number from ${MIN_TIMES} to 100000.`,
  });
  return text === undefined ? undefined : Number(text);
}
