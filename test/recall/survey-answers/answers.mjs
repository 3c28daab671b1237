const CHOICES = ['never', 'seldom', 'often', 'always'];

/** The answers as they come from three channels; some people sent theirs more than once. */
export function collect(people, seed) {
  let state = seed;
  const next = (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 10) % below;
  };
  const answers = [];
  for (let i = 0; i < people; i++) {
    const answer = {
      age: 18 + next(60),
      town: `town ${next(40)}`,
      transport: { bike: CHOICES[next(4)], bus: CHOICES[next(4)], car: CHOICES[next(4)] },
      wishes: Array.from({ length: 1 + next(3) }, () => `wish ${next(25)}`),
    };
    answers.push(answer);
    if (next(6) === 0) answers.push(structuredClone(answer));
  }
  return answers;
}
