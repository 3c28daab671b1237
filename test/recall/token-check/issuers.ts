import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Issuer {
  name: string;
  publicKey: string;
}

interface Pair {
  issuer: Issuer;
  privateKey: KeyObject;
}

/** Issuers of tokens; what is known of each is its public key as it is published, in PEM. */
export function createIssuers(names: string[]): Pair[] {
  return names.map((name) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return { issuer: { name, publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString() }, privateKey };
  });
}

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed token (JWS, RS256) for a user. */
export function issue({ issuer, privateKey }: Pair, user: string, expires: number): string {
  const text = `${part({ alg: 'RS256', typ: 'JWT', kid: issuer.name })}.${part({ iss: issuer.name, sub: user, exp: expires, scope: ['read'] })}`;
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}
