import { descendants } from './descent';
import { listProcesses } from './identity';
import type { ProcessIdentity, ProcessRow } from './process-row';

/** Remembers what was below a launched process, so that it is known when its parents are gone. */
export interface TreeWatcher {
  /** What was seen below the launched process, itself among it, and ran at the last look. */
  seen(): readonly ProcessRow[];
  /** Process groups that the launched process was in. */
  groups(): ReadonlySet<number>;
  /** Looks now. */
  look(): Promise<void>;
  /** Looks no more; what was seen stays known. */
  stop(): void;
}

/** Milliseconds between looks; a look that takes long makes them rarer, to at most 2 % of the time. */
const EVERY_MS: Partial<Record<NodeJS.Platform, number>> = { linux: 250, darwin: 2000 };
const SHARE = 50;

/** Watches until it is stopped; `onLook` hears of what each look has found. On Windows children keep the number of their parent, so it does not look at all. */
export function watchTree(launch: ProcessIdentity, onLook: (rows: readonly ProcessRow[]) => Promise<void> = async () => {}): TreeWatcher {
  let seen: readonly ProcessRow[] = [];
  const groups = new Set<number>();
  const every = EVERY_MS[process.platform];
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  const look = async (): Promise<void> => {
    if (every === undefined) return;
    const rows = await listProcesses({ commands: false }).catch((): ProcessRow[] => []);
    if (rows.length === 0) return;
    seen = descendants(rows, [launch, ...seen]).filter((row) => !row.isZombie || row.pid === launch.pid);
    const launched = seen.find((row) => row.pid === launch.pid && row.started === launch.started);
    if (launched?.group !== undefined) groups.add(launched.group);
    await onLook(seen);
  };
  const goOn = async (): Promise<void> => {
    const before = performance.now();
    await look();
    if (isOver || every === undefined) return;
    timer = setTimeout(() => void goOn(), Math.max(every, (performance.now() - before) * SHARE));
    timer.unref();
  };
  void goOn();
  return {
    seen: () => seen,
    groups: () => groups,
    look,
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
