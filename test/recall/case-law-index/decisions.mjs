const VOCABULARY = ('tenant landlord deposit return seller buyer warranty defect employment notice period damage parking vehicle ' +
  'contract offer withdrawal court appeal claim party evidence witness payment interest costs judgment statute limitation ' +
  'neighbour fence noise insurance policy liability negligence duty care goods delivery invoice consumer trader lease').split(' ');

export function* decisions(count) {
  let s = 2024;
  const rnd = (n) => {
    s = (Math.imul(s, 69069) + 1) >>> 0;
    return (s >>> 10) % n;
  };
  for (let i = 0; i < count; i++) {
    const words = [];
    const length = 120 + rnd(200);
    for (let w = 0; w < length; w++) {
      if (rnd(4) === 0) words.push('the');
      else if (rnd(12) === 0) words.push('clause' + String.fromCharCode(97 + rnd(26), 97 + rnd(26), 97 + rnd(26)));
      else words.push(VOCABULARY[rnd(VOCABULARY.length)]);
    }
    yield { id: `${1990 + (i % 34)}/${i}`, text: words.join(' ') };
  }
}
