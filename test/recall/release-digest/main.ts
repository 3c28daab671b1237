import { startMirror } from './mirror';
import { fetchRelease, type Release } from './client';

const PROJECTS = ['atlas', 'birch', 'cobalt', 'delta', 'ember', 'fjord', 'garnet', 'harbor'];

interface DigestEntry {
  project: string;
  latest: string;
  breaking: number;
  notes: number;
}

function summarise(project: string, releases: Release[]): DigestEntry {
  const sorted = [...releases].sort((a, b) => b.number - a.number);
  return {
    project,
    latest: `v${sorted[0].number}`,
    breaking: sorted.filter((r) => r.notes.some((n) => n.startsWith('BREAKING'))).length,
    notes: sorted.reduce((sum, r) => sum + r.notes.length, 0),
  };
}

async function collect(base: string, project: string): Promise<Release[]> {
  const releases: Release[] = [];
  for (let number = 1; number <= 12; number++) {
    const release = await fetchRelease(base, project, number);
    if (!release.draft) releases.push(release);
  }
  return releases;
}

const mirror = await startMirror();
const digest: DigestEntry[] = [];
for (const project of PROJECTS) {
  digest.push(summarise(project, await collect(mirror.base, project)));
}
await mirror.close();

for (const entry of digest) {
  console.log(`${entry.project.padEnd(8)} ${entry.latest.padEnd(5)} ${entry.notes} notes, ${entry.breaking} breaking`);
}
