import type { ProfileFormat, ProfileIssue } from '../../../shared/issue';
import { err, ok, type Result } from '../../../shared/result';
import type { BuiltProfile } from '../../profile/build/build-tables';
import { Category } from '../../profile/categories';

/** One of the profiles of a file: a thread, or what a sample type counts. */
export interface ImportedProfile {
  readonly name: string;
  readonly built: BuiltProfile;
  /** What it counts, where the file counts in several ways (an event of perf, a sample type): other measures are never added to it or compared with it. */
  readonly measure?: string | undefined;
  /** Numbers of the process and of the thread, where the file tells them. */
  readonly process?: number | undefined;
  readonly thread?: number | undefined;
}

/** What a file holds; at least one profile. */
export interface Import {
  readonly format: ProfileFormat;
  readonly profiles: readonly ImportedProfile[];
  /** The one to show first. */
  readonly main: number;
}

/** Gives the profiles names of their own, and shows one first: what the file says, else by `mostActive`. */
export function imported(format: ProfileFormat, profiles: readonly ImportedProfile[], main?: number): Result<Import, ProfileIssue> {
  if (profiles.length === 0) return err({ kind: 'nothing-in-it', format });
  const taken = new Set<string>();
  const last = new Map<string, number>();
  const named = profiles.map(({ name, ...rest }) => {
    const wanted = name === '' ? 'profile' : name;
    let own = wanted;
    let n = last.get(wanted) ?? 1;
    while (taken.has(own)) own = `${wanted} (${++n})`;
    last.set(wanted, n); // so that ten thousand of one name are not compared with each other
    taken.add(own);
    return { name: own, ...rest };
  });
  const first = main !== undefined && Number.isInteger(main) && main >= 0 && main < named.length ? main : mostActive(named);
  return ok({ format, profiles: named, main: first });
}

/**
 * The profile with most active cost among those that can be compared: what is measured in
 * time where anything is, else what counts the same as the first profile, as
 * stackcollapse-perf.pl takes the first event.
 */
function mostActive(profiles: readonly ImportedProfile[]): number {
  const isTime = ({ built }: ImportedProfile): boolean => built.tables.unit === 'microseconds' && activeCost(built) > 0;
  const first = profiles.find(isTime) ?? (profiles[0] as ImportedProfile);
  let best = 0;
  let most = -1;
  for (const [i, { built, measure }] of profiles.entries()) {
    if (built.tables.unit !== first.built.tables.unit || measure !== first.measure) continue;
    const active = activeCost(built);
    if (active > most) {
      most = active;
      best = i;
    }
  }
  return best;
}

/** The formats whose several profiles are threads; those of others are what one run is counted in. */
export const threadFormats: ReadonlySet<ProfileFormat> = new Set(['chrome-trace', 'firefox', 'gecko', 'speedscope', 'perf-script']);

/** Everything but idle time and what V8 cannot name, which is mostly waiting too; in the unit of the profile. */
export function activeCost({ tables: { nodes, functions } }: BuiltProfile): number {
  let idle = 0;
  for (let node = 0; node < nodes.length; node++) {
    const category = functions.category[nodes.func[node] as number];
    if (category === Category.Idle || category === Category.Program) idle += nodes.self[node] as number;
  }
  return (nodes.total[0] as number) - idle;
}
