import { textParts } from '../src/shared/code-text';

/** Makes an element. Strings become text, never markup. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(name, value);
  element.append(...children.filter((child): child is Node | string => child !== undefined));
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
  for (const part of textParts(text)) fragment.append(part.isCode ? el('code', {}, part.text) : part.text);
  return fragment;
}
