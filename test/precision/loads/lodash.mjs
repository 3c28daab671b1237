import _ from 'lodash';
import { load, people } from '../input.mjs';

const all = people(2000);
await load(() => {
  const copy = _.cloneDeep(all.slice(0, 500));
  _.merge(copy, all.slice(500, 1000));
  _(all)
    .filter('active')
    .groupBy('address.city')
    .mapValues((list) => _.sumBy(list, 'score'))
    .value();
  _.sortBy(all, ['address.city', 'age']);
  _.uniqBy(all, 'name');
  _.isEqual(copy, all.slice(0, 500));
  _.difference(_.map(all, 'name'), _.map(all.slice(0, 900), 'name'));
  _.template('<% _.each(people, (p) => { %><li><%- p.name %></li><% }) %>')({ people: all });
}, 3000);
