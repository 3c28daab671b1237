import nlp from 'compromise';
import { load, text } from '../input.mjs';

const prose = text('fastify/README.md') + text('webpack/README.md').slice(0, 6000);
await load(() => {
  const doc = nlp(prose);
  doc.nouns().toPlural();
  doc.verbs().toPastTense();
  doc.numbers().add(2);
  doc.match('#Adjective #Noun+').out('array');
  return doc.text().length;
}, 3500);
