import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { askHow } from '../../src/core/doctor/asking';
import { siteWaits } from '../../src/core/doctor/site-waits';
import { defaultDoctorThresholds } from '../../src/core/doctor/thresholds';
import type { OperationSite, Vitals } from '../../src/core/doctor/vitals';
import { freePort } from '../support/free-port';
import type { Report } from '../support/programs';
import { type Folder, plateau, temporaryFolder } from '../support/run';
import { quietVitals } from '../support/vitals';

/** What the doctor says of programs that lose time by how they ask, not by slow answers. */

const MS = 1000;
const DURATION = 3000 * MS;

function measured(sites: readonly Partial<OperationSite>[], incoming: Partial<Vitals['incoming']> = {}): string | undefined {
  const frames = [{ file: '/app/main.js', line: 7, column: 3, name: 'load', isMapped: false }];
  const vitals = quietVitals({
    to: DURATION,
    sites: sites.map((one) => ({
      kind: 'http',
      target: 'POST http://pay/charge',
      frames,
      count: 0,
      finished: 0,
      total: 0,
      longest: 0,
      busy: 0,
      maxInFlight: 1,
      ...one,
    })),
    incoming: { count: 0, total: 0, busy: 0, maxInFlight: 0, ports: [], ...incoming },
    isListening: true,
  });
  return askHow(vitals, siteWaits(vitals, DURATION), DURATION, defaultDoctorThresholds)?.verdict.title;
}

const times = (count: number, each: number, rest: Partial<OperationSite> = {}): Partial<OperationSite> => ({
  count,
  finished: count,
  total: count * each * MS,
  ...rest,
});

describe('requests that wait for their turn', () => {
  // 30 charges of 190 ms, two at a time, are 2.85 s; ten requests at once are open meanwhile.
  const charge = times(30, 190, { busy: 2850 * MS, maxInFlight: 2 });
  const crowd = { count: 30, total: 30 * 950 * MS, busy: 2900 * MS, maxInFlight: 10 };
  test('for a limit that is always used up', () => expect(measured([charge], crowd)).toBe('Requests wait for their turn: never more than 2 at once'));
  test('not where as many requests are open as there are operations', () =>
    expect(measured([charge], { ...crowd, total: 30 * 195 * MS, maxInFlight: 2 })).toBeUndefined());
  test('not where the limit is hardly ever reached', () => expect(measured([times(12, 190, { busy: 2000 * MS, maxInFlight: 2 })], crowd)).toBeUndefined());
  test('not where what is watched has most of the requests’ time', () =>
    expect(measured([charge, times(30, 650, { target: 'GET http://other/', busy: 2850 * MS, maxInFlight: 7 })], crowd)).toBeUndefined());
});

describe('connections', () => {
  const opened = times(60, 10, { kind: 'socket', target: 'a connection to db:5432', busy: 600 * MS });
  const login = times(120, 10, { kind: 'socket', target: 'an exchange with db:5432', busy: 1200 * MS });
  const frames = [{ file: '/app/main.js', line: 30, column: 3, name: 'query', isMapped: false }];
  const query = (count: number): Partial<OperationSite> =>
    times(count, 10, { kind: 'socket', target: 'an exchange with db:5432', busy: Math.min(DURATION, count * 10 * MS), frames });
  test('one for each question', () => expect(measured([opened, login, query(60)])).toBe('Connections are opened again and again'));
  test('not where each is used for many', () => expect(measured([opened, login, query(900)])).toBeUndefined());
  test('not where opening is a small part', () =>
    expect(measured([opened, times(60, 200, { kind: 'socket', target: 'an exchange with db:5432', busy: 2900 * MS, frames })])).toBeUndefined());
  test('one for each request of HTTP', () =>
    expect(measured([times(60, 20, { kind: 'socket', target: 'a connection to pay', busy: 1200 * MS }), times(60, 40, { busy: 2400 * MS })])).toBe(
      'Connections are opened again and again',
    ));
});

describe('names', () => {
  const lookups = (count: number, subjects: number): Partial<OperationSite> => times(count, 40, { kind: 'dns', target: 'lookup', busy: 2000 * MS, subjects });
  test('the same ones again and again', () => expect(measured([lookups(50, 2)])).toBe('The same names are looked up again and again'));
  test('not where each is another', () => expect(measured([lookups(50, 50)])).toBeUndefined());
});

describe('real programs', () => {
  const folders: Folder[] = [];
  afterAll(() => {
    for (const one of folders) one.remove();
  });
  async function judge(source: string, args: readonly string[], ...options: string[]): Promise<Report> {
    const folder = temporaryFolder({ 'a.js': source });
    folders.push(folder);
    const { stdout } = await plateau(['doctor', '--json', ...options, '--', process.execPath, 'a.js', ...args], { cwd: folder.path });
    return JSON.parse(stdout.slice(stdout.indexOf('{\n "schema"'))) as Report;
  }
  const portOf = (server: net.Server): string => String((server.address() as net.AddressInfo).port);

  test('a resolver of the program’s own that asks for one name again and again', async () => {
    const { diagnosis, place } = await judge(
      `
const dgram = require('node:dgram');
const { Resolver } = require('node:dns/promises');
const server = dgram.createSocket('udp4', (question, { port }) => {
  const answer = Buffer.concat([question.subarray(0, 12), question.subarray(12, question.indexOf(0, 12) + 5), Buffer.from([192, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 127, 0, 0, 1])]);
  answer.writeUInt32BE(0x81800001, 2);
  answer.writeUInt32BE(0x00010000, 6);
  answer.writeUInt16BE(0, 10);
  setTimeout(() => server.send(answer, port, '127.0.0.1'), 45);
});
server.bind(0, '127.0.0.1', async () => {
  const resolver = new Resolver();
  resolver.setServers(['127.0.0.1:' + server.address().port]);
  const worker = async () => {
    for (let i = 0; i < 15; i++) await resolver.resolve4('one.example');
  };
  await Promise.all([worker(), worker(), worker()]);
  server.close();
});`,
      [],
    );
    expect(diagnosis.verdict).toMatchObject({ branch: 'io', title: 'The same names are looked up again and again' });
    expect(diagnosis.verdict.summary).toMatch(/^4\d lookups \(dns\.resolve4\) of one name/);
    expect(place).toMatchObject({ name: 'worker' });
  });

  test('a connection with a login for each question', async () => {
    const server = net.createServer((socket) => socket.on('error', () => {}).on('data', () => setTimeout(() => socket.writable && socket.write('ok'), 15)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { diagnosis, place } = await judge(
      `
const net = require('node:net');
const { once } = require('node:events');
const connect = async () => {
  const socket = net.connect(Number(process.argv[2]), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('user');
  await once(socket, 'data');
  return socket;
};
const query = async () => {
  const socket = await connect();
  socket.write('question');
  await once(socket, 'data');
  socket.destroy();
};
const worker = async () => {
  for (let i = 0; i < 25; i++) await query();
};
Promise.all([worker(), worker(), worker()]);`,
      [portOf(server)],
    ).finally(() => server.close());
    expect(diagnosis.verdict).toMatchObject({ branch: 'io', title: 'Connections are opened again and again' });
    expect(diagnosis.verdict.summary).toMatch(/^75 connections to 127\.0\.0\.1:\d+ for 150 exchanges/);
    expect(place).toMatchObject({ name: 'connect' });
  });

  test('a server whose requests wait for a lock', async () => {
    const upstream = http.createServer((_request, response) => setTimeout(() => response.end('paid'), 60));
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const port = await freePort();
    let isOver = false;
    const ask = (): Promise<void> =>
      new Promise((resolve) => {
        const request = http.get({ port, host: '127.0.0.1' }, (response) => response.resume().on('close', resolve));
        request.on('error', () => setTimeout(resolve, 50));
      });
    const load = Promise.all(
      Array.from({ length: 6 }, async () => {
        while (!isOver) await ask();
      }),
    );
    const { diagnosis, place } = await judge(
      `
const http = require('node:http');
let lock = Promise.resolve();
const pay = async () => {
  await (await fetch('http://127.0.0.1:' + process.argv[2] + '/pay')).text();
};
http.createServer(async (request, response) => {
  await (lock = lock.then(pay));
  response.end('done');
}).listen(Number(process.argv[3]), '127.0.0.1');`,
      [portOf(upstream), String(port)],
      '--seconds',
      '4',
    ).finally(() => {
      isOver = true;
      upstream.close();
    });
    await load;
    expect(diagnosis.verdict).toMatchObject({ branch: 'sequential', title: 'Requests wait for their turn: never more than 1 at once' });
    expect(place).toMatchObject({ name: 'pay' });
  });
});
