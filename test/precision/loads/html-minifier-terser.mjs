import { minify } from 'html-minifier-terser';
import { marked } from 'marked';
import { load, manuals } from '../input.mjs';

const pages = manuals().map(
  (one) => `<!doctype html><html><head><title>a</title><style>p { color: red }</style></head><body onload="go( 1 )">${marked.parse(one)}</body></html>`,
);
await load(
  (turn) =>
    minify(pages[turn % pages.length], {
      collapseWhitespace: true,
      removeComments: true,
      minifyCSS: true,
      sortClassName: true,
      sortAttributes: true,
      removeOptionalTags: true,
    }),
  3000,
);
