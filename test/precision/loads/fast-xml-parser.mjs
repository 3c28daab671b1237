import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { load, people } from '../input.mjs';

const builder = new XMLBuilder({ ignoreAttributes: false, format: true });
const parser = new XMLParser({ ignoreAttributes: false });
const all = { people: { one: people(400).map(({ id, ...rest }) => ({ '@_id': id, ...rest })) } };
await load(() => parser.parse(builder.build(all)));
