// Draws the import graph of a source folder: which file imports which.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveImport } from './resolve.mjs';

const FEATURES = 50;
const FILES = 18;

function writeProject(root) {
  for (const folder of ['shared', 'ui', 'api']) {
    fs.mkdirSync(path.join(root, 'src', folder, 'deep'), { recursive: true });
    for (let i = 0; i < 12; i++) fs.writeFileSync(path.join(root, 'src', folder, `${folder}${i}.tsx`), `export const ${folder}${i} = ${i};\n`);
    fs.writeFileSync(path.join(root, 'src', folder, 'deep', 'index.tsx'), 'export {};\n');
  }
  for (let f = 0; f < FEATURES; f++) {
    const folder = path.join(root, 'src', 'features', `feature${f}`);
    fs.mkdirSync(folder, { recursive: true });
    for (let i = 0; i < FILES; i++) {
      const imports = [];
      for (let k = 0; k < 12; k++) imports.push(`import { shared${k} } from '../../shared/shared${k}';`, `import { ui${k} } from '../../ui/ui${k}';`);
      imports.push(`import '../../api/deep';`, `import './part${(i + 1) % FILES}';`);
      fs.writeFileSync(path.join(folder, `part${i}.tsx`), `${imports.join('\n')}\nexport const value = ${i};\n`);
    }
  }
}

function* sourceFiles(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(file);
    else yield file;
  }
}

const IMPORT = /^import\s+(?:[^'"]*\sfrom\s+)?['"]([^'"]+)['"]/gm;

function importsOf(file) {
  const text = fs.readFileSync(file, 'utf8');
  return [...text.matchAll(IMPORT)].map((match) => match[1]);
}

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'graph-'));
writeProject(root);
const usedBy = new Map();
let edges = 0;
for (const file of sourceFiles(path.join(root, 'src'))) {
  for (const request of importsOf(file)) {
    const target = resolveImport(request, path.dirname(file));
    if (target === undefined) throw new Error(`${file}: cannot find ${request}`);
    edges++;
    usedBy.set(target, (usedBy.get(target) ?? 0) + 1);
  }
}
const top = [...usedBy].sort((a, b) => b[1] - a[1]).slice(0, 3);
console.log(`${edges} imports, most used: ${top.map(([file, count]) => `${path.basename(file)} ${count}`).join(', ')}`);
fs.rmSync(root, { recursive: true });
