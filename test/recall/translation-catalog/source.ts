const areas = ['checkout', 'account', 'search', 'support', 'billing', 'shipping'];
const nouns = ['button', 'title', 'hint', 'error', 'label', 'tooltip'];
const phrases = ['Continue with {name}', 'Your order is on its way', 'Please enter a valid address', 'Add to basket', 'Sign in to see {count} items'];

export function exportLocale(locale: string, entries: number): string {
  const lines: string[] = [`# exported for ${locale}`];
  for (let i = 0; i < entries; i++) {
    const area = areas[i % areas.length];
    const noun = nouns[(i * 7) % nouns.length];
    const key = `${area}.${noun}.${i}`;
    if (locale !== 'en' && i % 37 === 0) {
      lines.push(`${key}:`);
      continue;
    }
    let phrase = phrases[(i * 3) % phrases.length];
    if (locale === 'de' && i % 11 === 0) phrase += ' und noch ein sehr langer Zusatz dazu';
    lines.push(`${key}: "${phrase} (${locale})"`);
  }
  return lines.join('\n') + '\n';
}
