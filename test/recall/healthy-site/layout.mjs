export function layout(body, headings) {
  const toc = headings.map(({ level, text }) => `<li class="level${level}">${text}</li>`).join('');
  return `<!doctype html><html><body><nav><ul>${toc}</ul></nav><main>${body}</main></body></html>`;
}
