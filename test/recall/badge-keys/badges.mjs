import { createHash, generateKeyPairSync, sign } from 'node:crypto';

const VALID_DAYS = 3;

function fingerprint(publicKey) {
  return createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('hex').slice(0, 16);
}

/** A badge for a guest: signed, with a key of its own, so that it can be revoked by itself. */
export function issue(guest, now) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const content = JSON.stringify({ guest: guest.name, company: guest.company, until: now + VALID_DAYS * 86_400_000 });
  const signature = sign('sha256', Buffer.from(content), privateKey).toString('base64url');
  return { key: fingerprint(publicKey), content, signature, publicKey: publicKey.export({ type: 'spki', format: 'pem' }) };
}
