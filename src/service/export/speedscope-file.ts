import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { writeSpeedscope } from '../../core/formats/write/speedscope';
import { printableLines } from '../../shared/format';
import type { OpenedProfile } from '../profile/opened-profile';

/** Writes a profile as speedscope's JSON into a folder, where its page fetches it. One file a profile; the next opening replaces it. */
export async function writeForSpeedscope(profile: OpenedProfile, folder: string): Promise<string> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${createHash('sha256').update(profile.file).digest('hex').slice(0, 16)}.speedscope.json`);
  const handle = await fs.open(file, 'w', 0o600);
  try {
    let batch = '';
    for (const chunk of writeSpeedscope(profile.tables, path.basename(profile.file), 'plateau')) {
      // What turns the writing direction is made visible, as in Plateau's own views.
      batch += printableLines(chunk);
      if (batch.length < 1 << 20) continue;
      await handle.write(batch);
      batch = '';
    }
    await handle.write(batch);
  } finally {
    await handle.close();
  }
  return file;
}
