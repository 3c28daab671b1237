// Compiles src/wasm/scan.ts into src/core/formats/scan-wasm.ts: `npm run wasm`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** Pages of 64 KB: what the layout in src/wasm/scan.ts needs. */
const PAGES = 256;

/** The text of the module that holds the compiled bytes. */
export async function compiledScan() {
  const { default: asc } = await import('assemblyscript/asc');
  let bytes;
  const { error, stderr } = await asc.main(
    ['src/wasm/scan.ts', '-O3', '--noAssert', '--runtime', 'stub', '--initialMemory', PAGES, '--maximumMemory', PAGES, '--outFile', 'scan.wasm'].map(String),
    {
      baseDir: undefined,
      writeFile: (_name, contents) => {
        bytes = contents;
      },
    },
  );
  if (error || !bytes) throw new Error(`src/wasm/scan.ts: ${error?.message}\n${stderr}`);
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,120}/g);
  return `// Made by \`npm run wasm\` from src/wasm/scan.ts: do not edit.\nexport const scanWasm = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('');\n`;
}

if (path.resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  process.chdir(root);
  writeFileSync('src/core/formats/scan-wasm.ts', await compiledScan());
}
