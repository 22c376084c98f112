import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** Layer by layer, what it may import of ours besides itself. `handlers` and `workloads` are reached by path only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ['core'],
  pipelines: ['config', 'core'],
  constructs: ['pipelines', 'config', 'core'],
  lib: ['constructs', 'pipelines', 'config', 'core'],
  charts: ['config', 'core'],
  handlers: ['core'],
  server: ['core'],
  local: ['pipelines', 'config', 'core'],
  cli: ['local', 'pipelines', 'config', 'core'],
  // The version of the command is that of the package.
  bin: ['lib', 'charts', 'cli', 'config', 'core', 'package.json'],
};

/** Packages that only some layers may use. */
const RESERVED: readonly { readonly package: RegExp; readonly layers: readonly string[]; readonly why: string }[] = [
  {
    package: /^(aws-cdk-lib|constructs|cdk-nag)(\/|$)/,
    layers: ['bin', 'lib', 'constructs'],
    why: 'the CDK stays above pipelines',
  },
  { package: /^cdk8s/, layers: ['bin', 'charts'], why: 'Kubernetes stays in charts' },
  {
    package: /^@aws-sdk\//,
    layers: ['cli', 'handlers', 'local', 'pipelines'],
    why: 'templates are made without calling AWS',
  },
];

const root = resolve(__dirname, '../..');

function sources(layer: string): string[] {
  return readdirSync(join(root, layer), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx)$/.test(file))
    .map((file) => join(layer, file));
}

function imports(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  return [...source.matchAll(/(?:from|import|import\(|require\()\s*'([^']+)'/g)].map(([, name = '']) => name);
}

/** The layer that a relative import reaches, or undefined for a package. */
function layerOf(file: string, imported: string): string | undefined {
  return imported.startsWith('.') ? relative(root, resolve(root, file, '..', imported)).split('/')[0] : undefined;
}

describe('the layout', () => {
  test.each(Object.entries(MAY_IMPORT))('lets %s import only what lies below it', (layer, below) => {
    const files = sources(layer);
    expect(files).not.toEqual([]);
    const wrong = files.flatMap((file) =>
      imports(file)
        .map((imported) => ({ file, imported, reaches: layerOf(file, imported) }))
        .filter(({ reaches }) => reaches !== undefined && reaches !== layer && !below.includes(reaches)),
    );
    expect(wrong).toEqual([]);
  });

  test.each(RESERVED)('keeps $package in $layers: $why', ({ package: reserved, layers }) => {
    const wrong = Object.keys(MAY_IMPORT)
      .filter((layer) => !layers.includes(layer))
      .flatMap(sources)
      .flatMap((file) => imports(file).map((imported) => ({ file, imported })))
      .filter(({ imported }) => reserved.test(imported));
    expect(wrong).toEqual([]);
  });

  test('is drawn in CONTRIBUTING.md, folder by folder and arrow by arrow', () => {
    const [, layout = '', arrows = ''] =
      /## The layout\n\n```\n(.*?)```\n\n```\n(.*?)```/s.exec(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')) ??
      [];
    const drawn = layout.split('\n').flatMap((line) => /^([a-z]+)\//.exec(line)?.[1] ?? []);
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^[a-z]+$/.test(entry.name))
      .map(({ name }) => name);
    expect(folders.filter((name) => name in MAY_IMPORT && !drawn.includes(name))).toEqual([]);
    expect(drawn.filter((name) => !folders.includes(name))).toEqual([]);
    expect(Object.keys(MAY_IMPORT).filter((name) => !arrows.includes(name))).toEqual([]);
  });

  test('leaves the environment of the process to bin, handlers and the entry of the server', () => {
    const wrong = Object.keys(MAY_IMPORT)
      .filter((layer) => layer !== 'bin' && layer !== 'handlers')
      .flatMap(sources)
      .filter((file) => file !== 'server/main.ts')
      .filter((file) => readFileSync(join(root, file), 'utf8').includes('process.env'));
    expect(wrong).toEqual([]);
  });
});
