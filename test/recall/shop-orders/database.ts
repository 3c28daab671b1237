import { once } from 'node:events';
import net from 'node:net';
import readline from 'node:readline';

export interface Query {
  table: string;
  ids?: number[];
  from?: number;
  count?: number;
}

type Row = Record<string, string | number>;

/** One connection to the database; queries may overlap. */
export class Database {
  private socket: net.Socket | undefined;
  private readonly waiting = new Map<number, { resolve: (rows: Row[]) => void; reject: (error: Error) => void }>();
  private last = 0;

  constructor(private readonly port: number) {}

  async connect(): Promise<void> {
    const socket = net.connect({ host: '127.0.0.1', port: this.port, noDelay: true });
    await once(socket, 'connect');
    const lines = readline.createInterface({ input: socket });
    for (const step of ['hello', 'user shop', 'proof 1234']) {
      socket.write(`${step}\n`);
      await once(lines, 'line');
    }
    lines.on('line', (line) => this.answered(JSON.parse(line)));
    this.socket = socket;
  }

  query(query: Query): Promise<Row[]> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.socket?.write(`${JSON.stringify({ id, ...query })}\n`);
    });
  }

  private answered({ id, rows, error }: { id: number; rows: Row[]; error?: string }): void {
    const one = this.waiting.get(id);
    this.waiting.delete(id);
    if (error !== undefined) one?.reject(new Error(error));
    else one?.resolve(rows);
  }
}
