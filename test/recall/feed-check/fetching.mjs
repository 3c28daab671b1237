import http from 'node:http';

const agent = new http.Agent({ keepAlive: true });

function get(url) {
  return new Promise((resolve, reject) => {
    http
      .get(url, { agent }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString() }));
      })
      .on('error', reject);
  });
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function fetchText(url, { attempts = 4, pause = 150 } = {}) {
  for (let attempt = 1; ; attempt++) {
    const { status, text } = await get(url);
    if (status === 200) return text;
    if (attempt === attempts) throw new Error(`${status} ${url}`);
    await sleep(pause * 2 ** (attempt - 1));
  }
}

export function close() {
  agent.destroy();
}
