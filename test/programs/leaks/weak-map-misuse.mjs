// A WeakMap lets go of a value when its key goes; this key never does.
const histories = new WeakMap();
const application = { name: 'app' };

class Visit {
  constructor() {
    this.steps = ['in', 'out'];
  }
}

export function exercise() {
  const history = histories.get(application) ?? [];
  history.push(new Visit());
  histories.set(application, history);
}
