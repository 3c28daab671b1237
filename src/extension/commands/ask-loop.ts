import type { FunctionDto } from '../../protocol/lsp';
import type { Recipe } from '../../shared/recipe';
import type { Server } from '../server-client';
import { askText } from '../ui';
import type { Choice } from './choose-recipe';

/** The choice to call a function in a loop. `isTimeless`: how long the calls go on is decided elsewhere. */
export function loopChoice(server: Server, target: FunctionDto, cwd: string, last: Recipe | undefined, isTimeless = false, withSetup = false): Choice {
  const label = withSetup ? 'Call it in a loop after a setup…' : 'Call it in a loop…';
  const icon = 'sync';
  const name = target.name || 'This function';
  const refuse = (reason: string): Choice => ({
    icon,
    label,
    description: reason,
    choose: undefined,
    refusal: `${name} cannot be called in a loop: ${reason}. Export it, or run the file instead.`,
  });
  if (target.kind === 'setter' || target.kind === 'constructor') return refuse(`it is a ${target.kind}`);
  if (!target.exported && !target.local) return refuse('it is within another function');
  const description = withSetup ? 'an expression or a file runs once before' : 'calls per second, with arguments that you give';
  return { icon, label, description, choose: () => askLoop(server, target, cwd, last, isTimeless, withSetup) };
}

async function askLoop(
  server: Server,
  target: FunctionDto,
  cwd: string,
  last: Recipe | undefined,
  isTimeless: boolean,
  withSetup: boolean,
): Promise<Recipe | undefined> {
  const exported = target.exported ?? target.local;
  if (!exported) return undefined;
  const before = last?.kind === 'loop' ? last : undefined;
  const check = async (text: string): Promise<string | undefined> => (await server.request('plateau/checkArguments', { text })).message;
  const needsInstance = exported.method !== undefined && !exported.method.isStatic;
  const takesArguments = exported.method?.isGetter !== true;
  const asksSetup = withSetup || before?.setup !== undefined;
  const steps = Number(asksSetup) + Number(needsInstance) + Number(takesArguments) + Number(!isTimeless);
  let step = 0;
  const numbered = (title: string): string => `${title} (${++step}/${steps})`;
  const setup = asksSetup
    ? await askText({
        title: numbered('What is to run once before?'),
        prompt: 'An expression, which is `setup` in what follows, or a file, whose exports are; may be empty',
        placeHolder: "./fixtures/orders.ts, or await import('./fixtures/orders.ts')",
        value: before?.setup ?? '',
      })
    : '';
  if (setup === undefined) return undefined;
  const instance = needsInstance
    ? await askText({
        title: numbered(`An instance of ${exported.name}`),
        prompt: 'An expression; what the module declares may be named, and await import() works',
        placeHolder: `${exported.name}.ofSize(3000)`,
        value: before?.instance ?? `new ${exported.name}(${before?.constructorArgs ?? ''})`,
        check: async (text) => (text.trim() === '' ? 'Give an expression.' : check(text)),
      })
    : undefined;
  if (needsInstance && instance === undefined) return undefined;
  const args = takesArguments
    ? await askText({
        title: numbered(`${target.name || exported.name}(…)`),
        prompt: `${target.name || exported.name}${target.signature}. JavaScript expressions, evaluated once; what the module declares may be named`,
        placeHolder: `'text', [1, 2, 3], { deep: true }, Array.from({ length: 1000 }, (_, i) => i)`,
        value: before?.args ?? '',
        check,
      })
    : '';
  if (args === undefined) return undefined;
  const seconds = isTimeless
    ? '3'
    : await askText({
        title: numbered('For how long?'),
        prompt: 'Seconds of measured calls, after half a second of warm-up',
        value: String((before?.durationMs ?? 3000) / 1000),
        check: (value) => (Number(value) > 0 && Number(value) <= 3600 ? undefined : 'Give a number of seconds, up to 3600.'),
      });
  if (seconds === undefined) return undefined;
  return {
    kind: 'loop',
    file: target.file,
    exported,
    args,
    constructorArgs: '',
    ...(instance === undefined ? {} : { instance }),
    ...(setup.trim() === '' ? {} : { setup: setup.trim() }),
    warmupMs: before?.warmupMs ?? 500,
    durationMs: Number(seconds) * 1000,
    cwd,
  };
}
