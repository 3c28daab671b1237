import { format } from 'sql-formatter';
import { load } from '../input.mjs';

const query = (i) =>
  `with t${i} as (select a.id, count(*) as n, sum(case when b.x > ${i} then 1 else 0 end) total from a left join b on a.id = b.a_id and b.kind in ('x', 'y') where a.created between '2026-01-01' and now() group by a.id having count(*) > 2 order by n desc limit 10) select t${i}.*, (select max(z) from c where c.id = t${i}.id) from t${i}; insert into log (a, b) values (1, 'it''s'), (2, null); update a set x = x + 1 where id = ${i};`;
await load((turn) => format(Array.from({ length: 10 }, (_, i) => query(i + turn)).join('\n'), { language: 'postgresql', keywordCase: 'upper' }), 3000);
