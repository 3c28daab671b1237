import moment from 'moment';
import { load } from '../input.mjs';

const start = moment('2026-03-01T10:00:00');
await load((turn) => {
  for (let i = 0; i < 100; i++) {
    const day = start
      .clone()
      .add(i * 3, 'days')
      .add(turn % 24, 'hours');
    day.format('dddd, MMMM Do YYYY, h:mm:ss a');
    moment('05/11/2026 03:07 pm', 'DD/MM/YYYY hh:mm a', true).isValid();
    day.diff(start, 'months', true);
    day.isBetween(start, day.clone().endOf('month'));
    day.from(start);
  }
}, 3000);
