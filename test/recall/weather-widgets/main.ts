// A newspaper's page of regional news: each article has a widget with the weather of its town.
import { Cache } from './cache';
import { deliver, type Forecast, forecast } from './model';

const TOWNS = ['Ahaus', 'Borken', 'Coesfeld', 'Dorsten', 'Emsdetten', 'Greven', 'Haltern', 'Ibbenbueren'];

deliver(TOWNS.length);
const forecasts = new Cache<Forecast>(600);

async function widget(article: number): Promise<string> {
  const at = (article * 5) % TOWNS.length;
  const { town, hours } = await forecasts.get(TOWNS[at], () => forecast(TOWNS[at], at, 20 + at * 30, 280 - at * 25));
  const warm = Math.max(...hours.slice(0, 24));
  const cold = Math.min(...hours.slice(0, 24));
  return `<aside data-article="${article}">${town}: ${cold.toFixed(0)} to ${warm.toFixed(0)} °C</aside>`;
}

async function page(number: number, articles: number): Promise<string> {
  const widgets = await Promise.all(Array.from({ length: articles }, (_, i) => widget(number * 1000 + i)));
  return `<main>${widgets.join('\n')}</main>`;
}

const [front, region] = await Promise.all([page(1, 640), page(2, 480)]);
const again = await page(3, 400);
console.log(`${front.length + region.length + again.length} characters`);
console.log(again.split('\n').slice(0, 3).join(' '));
