const SLUG = /^(?:[a-z0-9]+-)*[a-z0-9]+$/;
const NOT_PLAIN = /[^a-z0-9]+/g;

export function slug(title: string): string {
  return title.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(NOT_PLAIN, '-').replace(/^-|-$/g, '');
}

export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

export class Slugs {
  private readonly used = new Map<string, number>();
  invalid = 0;

  take(title: string): string {
    const base = slug(title);
    if (!isSlug(base)) this.invalid += 1;
    const times = this.used.get(base) ?? 0;
    this.used.set(base, times + 1);
    return times === 0 ? base : `${base}-${times + 1}`;
  }
}
