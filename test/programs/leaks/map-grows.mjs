// A Map of sessions that nobody clears.
const sessions = new Map();
let next = 0;

class Session {
  constructor(id) {
    this.id = id;
    this.items = [id];
  }
}

export function exercise() {
  const session = new Session(next++);
  sessions.set(session.id, session);
  return sessions.size;
}
