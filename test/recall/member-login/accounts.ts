import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

interface Account {
  salt: Buffer;
  hash: Buffer;
}

const COST = { N: 65536, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };

export class Accounts {
  private readonly accounts = new Map<string, Account>();

  add(name: string, password: string): void {
    const salt = randomBytes(16);
    this.accounts.set(name, { salt, hash: this.hash(password, salt) });
  }

  verify(name: string, password: string): boolean {
    const account = this.accounts.get(name);
    if (account === undefined) return false;
    return timingSafeEqual(this.hash(password, account.salt), account.hash);
  }

  token(): string {
    return randomBytes(24).toString('base64url');
  }

  private hash(password: string, salt: Buffer): Buffer {
    return scryptSync(password.normalize('NFKC'), salt, 32, COST);
  }
}
