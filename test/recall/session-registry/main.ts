// Delivers the messages of a chat to those who are online, and counts them for the others.
import { Registry, type Session } from './registry';

interface Message {
  from: string;
  to: string[];
  text: string;
  at: number;
}

const DEVICES = ['phone', 'laptop', 'tablet'];

function* messages(count: number, users: number): Generator<Message> {
  for (let i = 0; i < count; i++) {
    const to = Array.from({ length: 1 + (i % 3) }, (_, k) => `user${(i * 31 + k * 977) % users}`);
    yield { from: `user${(i * 17) % users}`, to, text: `Message ${i} about ${i % 13}`, at: i * 10 };
  }
}

function deliver(session: Session, message: Message): void {
  session.unread++;
  session.seen = Math.max(session.seen, message.at);
}

const registry = new Registry();
const tokens = Array.from({ length: 4000 }, (_, i) => registry.open(`user${i}`, DEVICES[i % 3], 0).token);
const missed = new Map<string, number>();
let delivered = 0;
for (const message of messages(70_000, 5000)) {
  for (const user of message.to) {
    const session = registry.byUser(user);
    if (session) {
      deliver(session, message);
      delivered++;
    } else missed.set(user, (missed.get(user) ?? 0) + 1);
  }
  if (message.at % 5000 === 0) {
    const token = tokens[message.at % tokens.length];
    const session = registry.byToken(token);
    if (session) session.unread = 0;
  }
}
const expired = registry.expire(1);
console.log(`${delivered} delivered, ${missed.size} users have missed some, ${registry.size} sessions left, ${expired} expired`);
const [most] = [...missed].sort((a, b) => b[1] - a[1]);
console.log(`${most[0]} has missed ${most[1]}`);
