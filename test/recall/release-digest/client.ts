import http from 'node:http';

export interface Release {
  project: string;
  number: number;
  draft: boolean;
  notes: string[];
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

export function fetchRelease(base: string, project: string, number: number): Promise<Release> {
  return new Promise((resolve, reject) => {
    const req = http.get(`${base}/${project}/releases/${number}`, { agent }, (res) => {
      let body = '';
      res.setEncoding('utf8');
      res.on('data', (part) => (body += part));
      res.on('end', () => {
        if (res.statusCode !== 200) reject(new Error(`${res.statusCode} for ${project} ${number}`));
        else resolve(JSON.parse(body));
      });
    });
    req.on('error', reject);
  });
}
