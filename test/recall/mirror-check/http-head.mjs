import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 12 });

export function head(url) {
  return new Promise((resolve, reject) => {
    const req = http.request(url, { method: 'HEAD', agent }, (res) => {
      res.resume();
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers }));
    });
    req.on('error', reject);
    req.setTimeout(5000, () => req.destroy(new Error(`timeout: ${url}`)));
    req.end();
  });
}
