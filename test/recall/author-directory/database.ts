const COUNTRIES = ['France', 'Norway', 'Brazil', 'Japan', 'Kenya'];
const ROUND_TRIP = 8;
const CONNECTIONS = 2;

/** A database behind a small connection pool: select by primary keys. */
export class Database {
  statements = 0;
  rows = 0;
  private free = CONNECTIONS;
  private queue: (() => void)[] = [];

  async select(table: 'books' | 'authors', ids: number[]): Promise<any[]> {
    await this.acquire();
    this.statements++;
    await new Promise((resolve) => setTimeout(resolve, ROUND_TRIP));
    this.rows += ids.length;
    this.release();
    return ids.map((id) => (table === 'books' ? this.book(id) : this.author(id)));
  }

  private acquire(): Promise<void> {
    if (this.free > 0) {
      this.free--;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.queue.push(resolve));
  }

  private release() {
    const next = this.queue.pop();
    if (next) next();
    else this.free++;
  }

  private book(id: number) {
    return { id, title: `Book ${id}`, year: 1950 + (id % 70), authorId: (id * 13) % 240 };
  }

  private author(id: number) {
    return { id, name: `Author ${id}`, country: COUNTRIES[id % COUNTRIES.length] };
  }
}
