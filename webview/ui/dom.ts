import { textParts } from '../../src/shared/code-text';
import { printableLines } from '../../src/shared/format';

/** Makes an element. Strings become text, never markup; what would turn the writing direction or cannot be seen is made visible. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, printableLines(value));
  for (const child of children) if (child !== undefined) element.append(typeof child === 'string' ? printableLines(child) : child);
  return element;
}

export function button(
  label: string,
  onClick: (event: MouseEvent) => void,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (Node | string)[]
): HTMLButtonElement {
  const element = el('button', { type: 'button', title: label, ...attributes }, ...(children.length > 0 ? children : [label]));
  element.addEventListener('click', onClick);
  return element;
}

/** Code in a sentence stands in the editor's font. */
export function inCode(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const part of textParts(text)) fragment.append(part.isCode ? el('code', {}, part.text) : printableLines(part.text));
  return fragment;
}

/** Sets what an element says. */
export function setText(element: Element, text: string): void {
  element.textContent = printableLines(text);
}
