// A registry keeps what was registered in a property.
class Handler {
  constructor() {
    this.name = 'handler';
  }
}

class Registry {
  constructor() {
    this.name = 'registry';
    this.handlers = [];
  }

  add(handler) {
    this.handlers.push(handler);
  }
}

const registry = new Registry();

export function exercise() {
  registry.add(new Handler());
}
