import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localClients } from '../../../../../local/clients';
import { S3ObjectStorage } from '../../../../../local/sagemaker/storage/s3-object-storage';

/** By their paths, `/bucket/key`. */
const objects = new Map<string, Buffer>();
/** Whether each was sent in chunks. */
const chunked = new Map<string, boolean>();
let server: Server;
let root: string;
let storage: S3ObjectStorage;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => response.end(answer(request, Buffer.concat(chunks))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  storage = new S3ObjectStorage(localClients(`http://127.0.0.1:${port}`, 'us-east-1').s3);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  objects.clear();
  root = mkdtempSync(join(tmpdir(), 's3-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** The least of S3. */
function answer({ method, url = '', headers }: IncomingMessage, body: Buffer): Buffer | string {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  if (method === 'PUT') {
    const inChunks = String(headers['content-encoding']).includes('aws-chunked');
    chunked.set(pathname, inChunks);
    objects.set(pathname, inChunks ? joined(body) : body);
    return '';
  }
  if (!searchParams.has('list-type')) return objects.get(pathname) ?? '';
  const prefix = `${pathname.replace(/\/$/, '')}/${searchParams.get('prefix') ?? ''}`;
  const found = [...objects].filter(([key]) => key.startsWith(prefix));
  const contents = found.map(
    ([key, { length }]) => `<Contents><Key>${key.split('/').slice(2).join('/')}</Key><Size>${length}</Size></Contents>`,
  );
  return `<?xml version="1.0"?><ListBucketResult>${contents.join('')}</ListBucketResult>`;
}

/** What chunks hold: each is its length in hexadecimal, a line break, as many bytes, a line break. */
function joined(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.toString('latin1', at, end), 16);
    if (!(length > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
}

test.each([
  ['none', 0, false],
  ['one', 1, false],
  ['as many as go in one piece', 256 * 1024, false],
  ['one more', 256 * 1024 + 1, true],
  ['a megabyte', 1e6, true],
])('a file of %s of bytes comes back as it went', async (_, bytes, inChunks) => {
  const body = randomBytes(bytes);
  mkdirSync(join(root, 'from', 'deep'), { recursive: true });
  writeFileSync(join(root, 'from', 'deep', 'a file'), body);
  expect(await storage.upload(join(root, 'from'), 's3://bucket/run/')).toBe(1);
  expect(chunked.get('/bucket/run/deep/a%20file')).toBe(inChunks);
  expect(objects.get('/bucket/run/deep/a%20file')?.equals(body)).toBe(true);
});

test('a folder of files, small and large, is copied there and back', async () => {
  const files = { 'a.txt': randomBytes(10), 'b/c.bin': randomBytes(300_000), 'b/empty': Buffer.alloc(0) };
  for (const [path, body] of Object.entries(files)) {
    mkdirSync(join(root, 'from', path, '..'), { recursive: true });
    writeFileSync(join(root, 'from', path), body);
  }
  expect(await storage.upload(join(root, 'from'), 's3://bucket/run')).toBe(3);
  expect(await storage.download('s3://bucket/run', join(root, 'to'))).toBe(3);
  for (const [path, body] of Object.entries(files))
    expect(readFileSync(join(root, 'to', path)).equals(body)).toBe(true);
});
