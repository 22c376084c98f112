import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { ImageStore } from '../../../../../local/container/image';
import type { Context } from '../../../../../local/sagemaker/context';
import { Store } from '../../../../../local/sagemaker/store';
import { FakeStorage } from './fake-storage';

export const IMAGE = '000000000000.dkr.ecr.us-east-1.amazonaws.com/assets:fake';

/**
 * Speaks the inference contract. How it behaves comes from `behaviour.json` of the model: `version`, `ping` (status),
 * `pingSeconds`, `startSeconds`, `exit` (code, at start). A request of JSON may ask for `sleep` (s), `status`, `exit`,
 * `hang up`, or to wait `until` a file is there; the answer tells the version, the process and what arrived.
 */
const SERVE = `#!/usr/bin/env python3
import json, os, signal, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

model = os.path.join(os.environ['SAGEMAKER_BASE_DIR'], 'model')
try:
    behaviour = json.load(open(os.path.join(model, 'behaviour.json')))
except FileNotFoundError:
    behaviour = {'version': 'none'}
print('serving', behaviour, 'on', os.environ['SAGEMAKER_BIND_TO_PORT'], flush=True)
if 'exit' in behaviour:
    print('broken model: no such column', file=sys.stderr, flush=True)
    sys.exit(behaviour['exit'])
if behaviour.get('ignoresTerm'):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
started = time.time()

class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True
    def log_message(self, *args):
        pass
    def answer(self, status, body, headers=()):
        self.send_response(status)
        self.send_header('Content-Length', str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        time.sleep(behaviour.get('pingSeconds', 0))
        ready = time.time() - started >= behaviour.get('startSeconds', 0)
        self.answer(behaviour.get('ping', 200) if ready else 503, b'')
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        wish = json.loads(body) if self.headers.get('Content-Type') == 'application/json' else {}
        if 'exit' in wish:
            os._exit(wish['exit'])
        time.sleep(wish.get('sleep', 0) or behaviour.get('sleep', 0))
        while 'until' in wish and not os.path.exists(wish['until']):
            time.sleep(0.02)
        if wish.get('hang up'):
            self.close_connection = True
            return
        status = wish.get('status', 200)
        if status != 200:
            return self.answer(status, ('no: ' + str(status)).encode(), [('Content-Type', 'text/plain')])
        found = {'version': behaviour['version'], 'pid': os.getpid(), 'bytes': len(body), 'path': self.path,
                 'accept': self.headers.get('Accept'), 'contentType': self.headers.get('Content-Type'),
                 'greeting': os.environ.get('GREETING'), 'program': os.environ.get('SAGEMAKER_PROGRAM')}
        self.answer(200, json.dumps(found).encode(), [('Content-Type', 'application/json'),
                    ('X-Amzn-SageMaker-Custom-Attributes', self.headers.get('X-Amzn-SageMaker-Custom-Attributes') or '')])

class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

Server(('127.0.0.1', int(os.environ['SAGEMAKER_BIND_TO_PORT'])), Handler).serve_forever()
`;

const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** A context on a folder of its own, with one image, and S3 as a map. */
export function fakeContext(
  changes: Partial<Context> = {},
  directory = mkdtempSync(join(tmpdir(), 'mlops-endpoint-')),
): Context & { storage: FakeStorage; directory: string; messages: string[] } {
  const program = join(directory, 'images', 'fake', 'program');
  mkdirSync(join(program, 'bin'), { recursive: true });
  writeFileSync(join(program, 'bin', 'serve'), SERVE);
  chmodSync(join(program, 'bin', 'serve'), 0o755);
  writeFileSync(
    join(directory, 'images', 'fake.json'),
    JSON.stringify({ tag: 'fake', program, interpreter: python, environment: { PYTHONPATH: program } }),
  );
  const messages: string[] = [];
  return {
    account: '000000000000',
    region: 'us-east-1',
    store: new Store(join(directory, 'sagemaker')),
    storage: new FakeStorage(),
    images: new ImageStore(join(directory, 'images')),
    events: { publish: async () => undefined },
    log: (message) => messages.push(message),
    now: () => new Date(),
    containerEnvironment: { PATH: '/usr/bin:/bin' },
    directory,
    messages,
    ...(changes as object),
  };
}

type Entry = Partial<Header> & { readonly name: string } & { readonly content?: string };

export function tarGz(...entries: readonly Entry[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const archive = pack();
    const chunks: Buffer[] = [];
    archive.on('data', (chunk) => chunks.push(chunk as Buffer));
    archive.on('error', reject);
    archive.on('end', () => resolve(gzipSync(Buffer.concat(chunks))));
    for (const { content, ...headers } of entries) archive.entry(headers, content ?? '');
    archive.finalize();
  });
}

/** A model archive whose server behaves like that. */
export function modelArchive(behaviour: object): Promise<Buffer> {
  return tarGz(
    { name: './', type: 'directory' },
    { name: './behaviour.json', content: JSON.stringify({ version: '1', ...behaviour }) },
  );
}
