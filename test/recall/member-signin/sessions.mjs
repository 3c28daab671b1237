import { randomUUID } from 'node:crypto';

const LIFETIME = 30 * 60e3;
const sessions = new Map();

export function openSession(memberId) {
  const token = randomUUID();
  sessions.set(token, { memberId, expires: Date.now() + LIFETIME });
  return token;
}

export function sessionOf(token) {
  const session = sessions.get(token);
  if (!session) return undefined;
  if (session.expires < Date.now()) {
    sessions.delete(token);
    return undefined;
  }
  return session.memberId;
}

export const sessionCount = () => sessions.size;
