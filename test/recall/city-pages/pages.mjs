import path from 'node:path';
import pug from 'pug';
import { find, near } from './places.mjs';

const euros = new Intl.NumberFormat('en', { style: 'currency', currency: 'EUR' });

function model(place) {
  return {
    title: place.name,
    place: { ...place, price: euros.format(place.price) },
    near: near(place).map(({ name, slug, stars }) => ({ name, slug, stars: '*'.repeat(stars) })),
    hours: Object.entries(place.hours),
  };
}

/** Answers /SLUG with the page of a place. */
export function pages(views) {
  const view = path.join(views, 'place.pug');
  return (context) => {
    const place = find(context.path.slice(1));
    if (!place) context.throw(404);
    context.type = 'html';
    context.body = pug.renderFile(view, model(place));
  };
}
