import type { IncomingMessage, ServerResponse } from 'node:http';
import zlib from 'node:zlib';

const MIN_SIZE = 1024;

function preferred(header: string | string[] | undefined): 'br' | 'gzip' | 'identity' {
  if (header === undefined) return 'br';
  const accepted = String(header);
  if (/\bbr\b/.test(accepted)) return 'br';
  if (/\bgzip\b/.test(accepted)) return 'gzip';
  return 'identity';
}

export function send(req: IncomingMessage, res: ServerResponse, value: unknown) {
  const body = Buffer.from(JSON.stringify(value));
  res.setHeader('content-type', 'application/json; charset=utf-8');
  res.setHeader('vary', 'accept-encoding');
  const encoding = body.length < MIN_SIZE ? 'identity' : preferred(req.headers['accept-encoding']);

  const finish = (err: Error | null, packed: Buffer) => {
    if (err) {
      res.statusCode = 500;
      res.end();
      return;
    }
    res.setHeader('content-length', packed.length);
    res.end(packed);
  };

  if (encoding === 'identity') return finish(null, body);
  res.setHeader('content-encoding', encoding);
  if (encoding === 'br') zlib.brotliCompress(body, finish);
  else zlib.gzip(body, finish);
}
