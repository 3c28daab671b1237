import { readFileSync, writeFileSync } from 'node:fs';
import * as prettier from 'prettier';
import babel from '@babel/core';
import presetEnv from '@babel/preset-env';

export async function format(file) {
  const text = readFileSync(file, 'utf8');
  const { code } = babel.transformSync(text, { presets: [presetEnv], filename: file });
  writeFileSync(file, await prettier.format(code, { parser: 'babel' }));
  return `formatted ${file}`;
}
