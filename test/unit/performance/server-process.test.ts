import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePort } from '../../../local/daemon/choose-port';
import { writePart } from '../../performance/measure/page';
import { killServers, startServer } from '../../performance/server/server-process';

/** Answers 503 twice, then 200; its child, whose id the answer is, ends by a signal only. */
const SLOW = `
const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
let asked = 0;
require('node:http').createServer((_, reply) => {
  asked += 1;
  reply.statusCode = asked > 2 ? 200 : 503;
  reply.end(String(child.pid));
}).listen(Number(process.argv[1]), '127.0.0.1');
`;

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bench-'));
});

afterEach(() => {
  killServers();
  rmSync(directory, { recursive: true, force: true });
});

function node(...args: string[]) {
  return { command: process.execPath, args, environment: { PATH: process.env.PATH } };
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    // A process that has ended stays listed until its parent, by then init, looks.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return !existsSync('/proc');
  }
}

test('a server has started when it says so, and ends with all that it started', async () => {
  const port = await choosePort({ preferred: [], purpose: 'a test' });
  const url = `http://127.0.0.1:${port}/`;
  const server = await startServer(node('-e', SLOW, String(port)), url, join(directory, 'log'));
  expect(server.startMs).toBeGreaterThan(0);
  const child = Number(await (await fetch(url, { headers: { connection: 'close' } })).text());
  expect([server.pid, child].map(runs)).toEqual([true, true]);
  await server.stop();
  expect(runs(server.pid)).toBe(false);
  for (let turn = 0; turn < 200 && runs(child); turn += 1) await new Promise((wait) => setTimeout(wait, 10));
  expect(runs(child)).toBe(false);
});

test('a server that ends instead is an error with what it wrote last', async () => {
  const broken = startServer(
    node('-e', 'console.error("no such model"); process.exit(3)'),
    'http://127.0.0.1:9/',
    join(directory, 'log'),
  );
  await expect(broken).rejects.toThrow(/must answer http:\/\/127\.0\.0\.1:9\/[\s\S]*no such model/);
});

test('a program that is not there is an error that names it', async () => {
  const missing = { command: join(directory, 'none'), args: [], environment: {} };
  await expect(startServer(missing, 'http://127.0.0.1:9/', join(directory, 'log'))).rejects.toThrow(
    /none: can't be started/,
  );
});

test('the page is replaced as a whole, and left as it was when it has no place', () => {
  const file = join(directory, 'page.md');
  writeFileSync(file, 'a\n<!-- bench server: begin -->\n<!-- bench server: end -->\nb\n');
  writePart(file, 'server', 'new');
  expect(readFileSync(file, 'utf8')).toBe('a\n<!-- bench server: begin -->\n\nnew\n\n<!-- bench server: end -->\nb\n');
  expect(() => writePart(file, 'synth', 'other')).toThrow('must hold <!-- bench synth: begin -->');
  expect(readFileSync(file, 'utf8')).toContain('new');
  expect(readdirSync(directory)).toEqual(['page.md']);
});
