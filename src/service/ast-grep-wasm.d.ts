/** What the package's bundler entry imports; its types are those of the entry. */
declare module '@ast-grep/wasm/wasm_bg.js' {
  export * from '@ast-grep/wasm';
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
}
