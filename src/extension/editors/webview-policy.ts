/** What a page may load and run: its own script and style, what the extension comes with, and nothing of a network. */
export const pagePolicy = (nonce: string, source: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}' ${source}`,
    `font-src ${source}`,
    `connect-src ${source}`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** The same for speedscope's own page, which loads parts of itself, writes styles as it goes, and reads with WebAssembly. */
export const speedscopePolicy = (nonce: string, source: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval' ${source}`,
    `style-src 'unsafe-inline' ${source}`,
    `font-src ${source} data:`,
    `img-src ${source} data:`,
    `connect-src ${source}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
