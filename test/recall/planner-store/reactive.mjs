/** Makes an object whose changes are told to a listener, however deep they are. */
export function reactive(target, changed, path = []) {
  const handler = {
    get(object, key, receiver) {
      const value = Reflect.get(object, key, receiver);
      if (typeof value === 'object' && value !== null) return reactive(value, changed, [...path, key]);
      return value;
    },
    set(object, key, value, receiver) {
      const before = object[key];
      const done = Reflect.set(object, key, value, receiver);
      if (before !== value) changed([...path, key].join('/'), value);
      return done;
    },
    deleteProperty(object, key) {
      changed([...path, key].join('/'), undefined);
      return Reflect.deleteProperty(object, key);
    },
  };
  return new Proxy(target, handler);
}
