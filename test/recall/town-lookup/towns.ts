export interface Town {
  name: string;
  region: string;
  people: number;
}

const STARTS = ['São', 'Château', 'Göt', 'Mün', 'Łód', 'Kraków', 'Zür', 'Évora', 'Ñuñ', 'Åle', 'Søn', 'Brăi', 'Győ', 'Žil', 'Ísa', 'Bør'];
const ENDS = ['heim', 'ville', 'stad', 'ões', 'fjörður', 'ówka', 'città', 'ström', 'ício', 'évre', 'burg', 'gård'];
const REGIONS = ['Norte', 'Île', 'Süd', 'Västra', 'Małopolska', 'Vest'];

export function registry(count: number): Town[] {
  let state = 17;
  const next = (below: number) => {
    state = (Math.imul(state, 69069) + 5) >>> 0;
    return (state >>> 5) % below;
  };
  return Array.from({ length: count }, (_, i) => ({
    name: `${STARTS[next(16)]}${ENDS[next(12)]}${next(3) === 0 ? '-sur-Élbe' : ''} ${i % 97}`,
    region: REGIONS[next(6)],
    people: next(900_000),
  }));
}
