import { once } from 'node:events';
import net from 'node:net';
import readline from 'node:readline';

export type Row = Record<string, string | number>;

interface Query {
  table: string;
  ids?: number[];
  from?: number;
  count?: number;
}

/** A connection to the database; it answers one query after the other. */
export class Connection {
  private last: Promise<unknown> = Promise.resolve();
  private number = 0;

  private constructor(
    private readonly socket: net.Socket,
    private readonly lines: readline.Interface,
  ) {}

  static async open(port: number): Promise<Connection> {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    const lines = readline.createInterface({ input: socket });
    for (const step of ['hello', 'user books', 'proof 77']) {
      socket.write(`${step}\n`);
      await once(lines, 'line');
    }
    return new Connection(socket, lines);
  }

  rows(query: Query): Promise<Row[]> {
    const answer = this.last.then(() => this.ask(query));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async ask(query: Query): Promise<Row[]> {
    this.socket.write(`${JSON.stringify({ id: ++this.number, ...query })}\n`);
    const [line] = await once(this.lines, 'line');
    const { rows, error } = JSON.parse(line);
    if (error) throw new Error(error);
    return rows;
  }
}
