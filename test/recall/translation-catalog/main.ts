import { loadCatalog, type Catalog } from './catalog';
import { exportLocale } from './source';

const locales = ['de', 'fr', 'it'];

interface Coverage {
  locale: string;
  total: number;
  missing: number;
  tooLong: string[];
  placeholders: number;
}

const placeholder = /\{[a-z]+\}/g;

function compare(reference: Catalog, other: Catalog, locale: string): Coverage {
  const coverage: Coverage = { locale, total: 0, missing: 0, tooLong: [], placeholders: 0 };
  for (const [key, text] of reference) {
    coverage.total++;
    const translated = other.get(key);
    if (translated === undefined || translated === '') {
      coverage.missing++;
      continue;
    }
    if (translated.length > text.length * 1.8 + 12) coverage.tooLong.push(key);
    const want = text.match(placeholder)?.length ?? 0;
    const have = translated.match(placeholder)?.length ?? 0;
    if (want !== have) coverage.placeholders++;
  }
  return coverage;
}

const reference = loadCatalog(exportLocale('en', 6500));
const results = locales.map((locale) => compare(reference, loadCatalog(exportLocale(locale, 6500)), locale));

for (const r of results) {
  const done = (((r.total - r.missing) / r.total) * 100).toFixed(1);
  console.log(`${r.locale}: ${done}% translated, ${r.tooLong.length} too long, ${r.placeholders} with wrong placeholders`);
}
