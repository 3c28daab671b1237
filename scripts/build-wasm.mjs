// Compiles src/wasm/scan.ts into src/core/json/scan-wasm.ts: `npm run wasm`; with --check it says whether that is current.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/** Pages of 64 KB: what the layout in src/wasm/memory.ts needs. */
const PAGES = 1152;

const file = 'src/core/json/scan-wasm.ts';

/** The text of the module that holds the compiled bytes. */
async function compiled() {
  let bytes;
  const { error, stderr } = await asc.main(
    ['src/wasm/scan.ts', '-O3', '--noAssert', '--runtime', 'stub', '--initialMemory', `${PAGES}`, '--maximumMemory', `${PAGES}`, '--outFile', 'scan.wasm'],
    {
      writeFile(_name, contents) {
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

process.chdir(root);
const text = await compiled();
if (process.argv.includes('--check')) {
  if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file} is not what src/wasm/scan.ts gives: npm run wasm`);
    process.exit(1);
  }
} else writeFileSync(file, text);
