import _ from 'lodash';

export function clean(answers) {
  return _.uniqWith(answers, _.isEqual);
}

export function byTown(answers) {
  return _(answers)
    .groupBy('town')
    .mapValues((group) => ({ people: group.length, age: _.meanBy(group, 'age'), bike: _.sumBy(group, ({ transport }) => (transport.bike === 'always' ? 1 : 0)) }))
    .value();
}

export function wishes(answers) {
  return _(answers).flatMap('wishes').countBy().toPairs().orderBy(['1', '0'], ['desc', 'asc']).value();
}
