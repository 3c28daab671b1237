import micromatch from 'micromatch';
import { load, random } from '../input.mjs';

const next = random(8);
const files = Array.from({ length: 2000 }, (_, i) => `src/${['a', 'b', 'lib/deep'][next(3)]}/${i}.${['js', 'ts', 'test.ts', 'md'][next(4)]}`);
await load(() => micromatch(files, ['src/**/*.{js,ts}', '!**/*.test.ts', 'src/{a,b}/[0-9]*.md']).length, 3000);
