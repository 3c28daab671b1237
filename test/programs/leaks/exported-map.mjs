// What a module exports is in no variable of a function that V8 would name.
export const sessions = new Map();
let next = 0;

class Session {
  constructor(id) {
    this.id = id;
  }
}

export function exercise() {
  sessions.set(next, new Session(next++));
}
