import { randomUUID } from 'node:crypto';

export interface Session {
  token: string;
  user: string;
  device: string;
  seen: number;
  unread: number;
}

/** The sessions of a chat server by their token. */
export class Registry {
  private readonly sessions = new Map<string, Session>();

  get size(): number {
    return this.sessions.size;
  }

  open(user: string, device: string, now: number): Session {
    const session: Session = { token: randomUUID(), user, device, seen: now, unread: 0 };
    this.sessions.set(session.token, session);
    return session;
  }

  byToken(token: string): Session | undefined {
    return this.sessions.get(token);
  }

  byUser(user: string): Session | undefined {
    return Array.from(this.sessions.values()).find((session) => session.user === user);
  }

  close(token: string): void {
    this.sessions.delete(token);
  }

  /** Ends the sessions that were not seen since a time. */
  expire(before: number): number {
    let ended = 0;
    for (const [token, { seen }] of this.sessions) {
      if (seen >= before) continue;
      this.sessions.delete(token);
      ended++;
    }
    return ended;
  }
}
