import { pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const ITERATIONS = 120_000;
const LENGTH = 32;

function derive(password, salt) {
  return pbkdf2Sync(password, salt, ITERATIONS, LENGTH, 'sha512');
}

export function hash(password) {
  const salt = randomBytes(16);
  return { salt: salt.toString('hex'), key: derive(password, salt).toString('hex') };
}

export function verify(password, stored) {
  const key = derive(password, Buffer.from(stored.salt, 'hex'));
  return timingSafeEqual(key, Buffer.from(stored.key, 'hex'));
}
