import { internalBinding } from './internal-binding';

/** Node.js's own handle of a terminal. */
interface Terminal {
  setRawMode(isRaw: boolean): number;
}

/**
 * Node.js gives a terminal its modes back when a signal ends it, by a listener of its own,
 * which is gone once somebody else has listened to the signal, as the agent does. So it is
 * noted which terminals the program reads key by key. Gives what gives them their modes back.
 */
export function watchTerminals(): () => void {
  const raw = new Set<Terminal>();
  try {
    const { prototype } = (internalBinding('tty_wrap') as { TTY: { prototype: Terminal } }).TTY;
    const { setRawMode } = prototype;
    prototype.setRawMode = new Proxy(setRawMode, {
      apply: function setRawModeThrough(target, terminal: Terminal, args: [boolean]): number {
        if (args[0]) raw.add(terminal);
        else raw.delete(terminal);
        return Reflect.apply(target, terminal, args);
      },
    });
    return () => {
      for (const terminal of raw) Reflect.apply(setRawMode, terminal, [false]);
    };
  } catch {
    return () => {}; // the permission model
  }
}
