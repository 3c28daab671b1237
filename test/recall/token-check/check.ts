import { verify } from 'node:crypto';
import type { Issuer } from './issuers';

export interface Claims {
  iss: string;
  sub: string;
  exp: number;
  scope: string[];
}

export class Refused extends Error {}

const json = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString());

/** Checks tokens by the keys of their issuers. */
export class TokenCheck {
  private readonly issuers: Map<string, Issuer>;

  constructor(issuers: Issuer[]) {
    this.issuers = new Map(issuers.map((one) => [one.name, one]));
  }

  claims(token: string, now: number): Claims {
    const [head, body, signature, ...rest] = token.split('.');
    if (!signature || rest.length > 0) throw new Refused('no token');
    const { alg, kid } = json(head);
    const issuer = this.issuers.get(kid);
    if (alg !== 'RS256' || !issuer) throw new Refused('unknown issuer');
    if (!this.signed(`${head}.${body}`, signature, issuer)) throw new Refused('wrong signature');
    const claims: Claims = json(body);
    if (claims.iss !== issuer.name || claims.exp < now) throw new Refused('expired');
    return claims;
  }

  private signed(text: string, signature: string, issuer: Issuer): boolean {
    return verify('sha256', Buffer.from(text), issuer.publicKey, Buffer.from(signature, 'base64url'));
  }
}
