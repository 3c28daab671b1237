/** A project may have a pipe or a device in the place of what compilers and Node.js read: Plateau's own process waits for none. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasSpecialPackage, isSpecial, regularText } from '../../src/capture/target/regular-text';
import { type Folder, plateau, temporaryFolder } from '../support/run';
import { until } from '../support/wait';

const program = 'const end: number = Date.now() + 300;\nwhile (Date.now() < end) Math.sqrt(2);\n';
const pipe = (folder: Folder, name: string): void => void execFileSync('mkfifo', [path.join(folder.path, name)]);

describe.skipIf(process.platform === 'win32')('in the place of a file of a project', () => {
  test.each([
    ['a tsconfig.json that is a pipe', (folder: Folder) => pipe(folder, 'tsconfig.json')],
    ['a tsconfig.json that is a device', (folder: Folder) => symlinkSync('/dev/zero', path.join(folder.path, 'tsconfig.json'))],
    [
      'a tsconfig.json that extends a pipe',
      (folder: Folder) => {
        folder.file('tsconfig.json', '{ "extends": ["./other"] }');
        folder.file('other.json', '{ "extends": "./pipe.json" }');
        pipe(folder, 'pipe.json');
      },
    ],
    ['an import that is a pipe', (folder: Folder) => pipe(folder, 'never.ts')],
  ])('%s: the program is recorded all the same', async (_, make) => {
    const folder = temporaryFolder({ 'app.ts': `${program}if (end < 0) void import('./never');\n` });
    try {
      make(folder);
      const { code, stderr } = await plateau(['record', '--out', 'p.cpuprofile', '--', 'app.ts'], { cwd: folder.path });
      expect(code, stderr).toBe(0);
    } finally {
      folder.remove();
    }
  });

  // Node.js itself waits for it, so the program never begins.
  test.runIf(process.platform === 'linux')('a package.json that is a pipe: Plateau waits for the program alone, and ends when it is told to', async () => {
    const folder = temporaryFolder({ 'app.ts': program });
    try {
      pipe(folder, 'package.json');
      let kill = (_: NodeJS.Signals): void => {};
      let pid = 0;
      const ended = plateau(['record', '--out', 'p.cpuprofile', '--', 'app.ts'], {
        cwd: folder.path,
        isGroup: true,
        onStart: (started, signal) => {
          pid = started;
          kill = (name) => {
            try {
              signal(name);
            } catch {
              // Its whole group has ended.
            }
          };
        },
      });
      const children = (): string =>
        readdirSync(`/proc/${pid}/task`)
          .map((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8'))
          .join('');
      try {
        await until('the program is started', () => children().trim() !== '');
        let isOver = false;
        void ended.then(() => {
          isOver = true;
        });
        // As who presses Ctrl+C until it is over: one key press may come before the program.
        await until('Plateau has ended', () => {
          if (!isOver) kill('SIGINT');
          return isOver;
        });
        expect((await ended).code).not.toBe(0);
      } finally {
        kill('SIGKILL');
      }
    } finally {
      folder.remove();
    }
  });

  test('what is special is told without opening it', () => {
    const folder = temporaryFolder({ 'plain/package.json': '{}', 'piped/a/b.ts': '' });
    try {
      pipe(folder, 'piped/package.json');
      const at = (name: string): string => path.join(folder.path, name);
      expect([isSpecial(at('piped/package.json')), isSpecial(at('plain/package.json')), isSpecial(at('plain')), isSpecial(at('none'))]).toEqual([
        true,
        false,
        false,
        false,
      ]);
      expect([hasSpecialPackage(at('piped/a/b.ts')), hasSpecialPackage(at('plain/b.ts'))]).toEqual([true, false]);
      expect(regularText(at('plain/package.json'))).toBe('{}');
      expect(() => regularText(at('piped/package.json'))).toThrow('is not a file');
    } finally {
      folder.remove();
    }
  });
});
