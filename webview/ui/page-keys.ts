type Commands = Readonly<Record<string, () => void>>;

/** What the keys of a page do; a command goes by its `KeyboardEvent.key`. */
export interface PageKeys {
  /** Ctrl+F, Cmd+F. */
  find(): void;
  /** Ctrl+Z, Cmd+Z outside of fields. */
  undo?(): void;
  /** Comes before everything else that is not a control's; true where the key was used. */
  first(event: KeyboardEvent): boolean;
  /** Come before the view's keys. */
  readonly commands: Commands;
  /** The keys of the view in sight; true where the key was used. */
  view(event: KeyboardEvent): boolean;
  /** Come after the view's keys, and a letter in either case. */
  readonly fallback: Commands;
  /** A character that nothing else uses. */
  type?(): void;
}

/** Elements that use every key themselves, and those that use Enter and the space bar. */
const FIELDS = 'input, select, textarea, dialog, .menu';
const BUTTONS = 'button, summary';

/** Dispatches the keys of a page: controls keep theirs, then the page's commands and the view have their turn. */
export function dispatchKeys(element: HTMLElement, keys: PageKeys): void {
  element.addEventListener('keydown', (event) => {
    if (isUsed(event, keys)) event.preventDefault();
  });
}

function isUsed(event: KeyboardEvent, { find, undo, first, commands, view, fallback, type }: PageKeys): boolean {
  const target = event.target as HTMLElement;
  const { key } = event;
  const shortcut = event.ctrlKey || event.metaKey ? key.toLowerCase() : '';
  if (shortcut === 'f') return did(find);
  if (undo && shortcut === 'z' && target.closest('input') === null) return did(undo);
  if (target.closest(FIELDS) !== null) return false;
  if ((key === 'Enter' || key === ' ') && target.closest(BUTTONS) !== null) return false;
  if (first(event)) return true;
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const command = isPlain ? commands[key] : undefined;
  if (command) return did(command);
  if (view(event)) return true;
  const last = isPlain ? (fallback[key] ?? fallback[key.toLowerCase()]) : undefined;
  if (last) return did(last);
  // The character itself goes into the field that gets the focus.
  if (isPlain && key.length === 1 && key !== ' ') type?.();
  return false;
}

function did(act: () => void): true {
  act();
  return true;
}

/** Whether a key asks for the menu of what has the focus. */
export const isMenuKey = ({ key, shiftKey }: KeyboardEvent): boolean => key === 'ContextMenu' || (key === 'F10' && shiftKey);
