import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** TCP ports on which a process listens. Empty where it cannot be told. */
export async function listeningPorts(pid: number, platform: NodeJS.Platform = process.platform): Promise<number[]> {
  try {
    if (platform === 'linux') return portsFromProc(pid);
    if (platform === 'win32') {
      const script = `Get-NetTCPConnection -State Listen -OwningProcess ${pid} | ForEach-Object { $_.LocalPort }`;
      const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], { windowsHide: true });
      return parsePortLines(stdout);
    }
    const { stdout } = await run('lsof', ['-nP', '-a', '-p', String(pid), '-iTCP', '-sTCP:LISTEN', '-Fn']);
    return parseLsof(stdout);
  } catch {
    return [];
  }
}

function portsFromProc(pid: number): number[] {
  const inodes = new Set<string>();
  for (const fd of fs.readdirSync(`/proc/${pid}/fd`)) {
    try {
      const match = /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`));
      if (match) inodes.add(match[1] as string);
    } catch {
      // Closed meanwhile.
    }
  }
  const tables = ['tcp', 'tcp6'].map((name) => fs.readFileSync(`/proc/${pid}/net/${name}`, 'utf8'));
  return tables.flatMap((table) => parseProcTcp(table, inodes));
}

/** `/proc/PID/net/tcp`: hexadecimal local address and port, state 0A is listening, the tenth field is the inode. */
export function parseProcTcp(table: string, inodes: ReadonlySet<string>): number[] {
  const ports: number[] = [];
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    if (fields[3] !== '0A' || !inodes.has(fields[9] ?? '')) continue;
    ports.push(Number.parseInt((fields[1] as string).split(':')[1] as string, 16));
  }
  return ports;
}

/** `lsof -Fn`: lines `nADDRESS:PORT`. */
export function parseLsof(stdout: string): number[] {
  return [...stdout.matchAll(/^n.*:(\d+)$/gm)].map((match) => Number(match[1]));
}

/** One port a line. */
export function parsePortLines(stdout: string): number[] {
  return [...stdout.matchAll(/^\s*(\d+)\s*$/gm)].map((match) => Number(match[1]));
}
