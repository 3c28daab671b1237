import path from 'node:path';
import { statRegularFile } from '../files/open-regular';

/**
 * The files of a recording that are there, its profile first: what is known of it, its report, its other threads `beside`. None where the profile is none of
 * its folder. Links to elsewhere and devices are left where they are: what moves them to another disk copies what they lead to.
 */
export async function movableFiles(file: string, beside: readonly string[]): Promise<readonly string[]> {
  const base = file.replace(/\.(?:cpuprofile|heapprofile|heapsnapshot)$/i, '');
  const known = ['.plateau.json', /\.heapsnapshot$/i.test(file) ? '.scripts.json' : '.doctor.json'].map((end) => base + end);
  const looked = await Promise.all(
    [file, ...beside, ...known].map(async (one) => ({ one, isThere: (await statRegularFile(one, { within: [path.dirname(one)] })).ok })),
  );
  return looked[0]?.isThere ? looked.filter(({ isThere }) => isThere).map(({ one }) => one) : [];
}

/** The folder of a leak hunt, as a list: none where it is a link, or holds no hunt. */
export async function movableFolder(folder: string): Promise<readonly string[]> {
  const looked = await statRegularFile(path.join(folder, 'result.hunt.json'), { within: [path.dirname(folder)] });
  const real = looked.ok && path.dirname(looked.value.real);
  return real !== false && path.basename(real) === path.basename(folder) ? [folder] : [];
}
