import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../../cli/program';
import { surroundings } from '../cli/surroundings';
import { PAGES, type Page, ROOT, readPage } from './pages';

const pages = new Map(PAGES.map((path) => [path, readPage(path)]));
const page = (path: string) => pages.get(path) as Page;
const there = (path: string) => existsSync(join(ROOT, path));

/** Where a link leads. */
function target(path: string, link: string): { readonly file: string; readonly anchor: string } {
  const [file = '', anchor = ''] = link.split('#');
  return { file: file === '' ? path : normalize(join(dirname(path), file)), anchor };
}

const FOLDERS =
  /^(\.ci|\.github|bin|charts|cli|config|constructs|core|docs|handlers|lib|local|pipelines|scripts|server|test|workloads)\//;
/** ENVIRONMENT, <engine>, {a,b}: for the reader to fill in. */
const PLACEHOLDER = /[A-Z]{2,}|[<{*…]/;

/** Files and folders of the repository that a page names. */
function namedFiles({ code }: Page): readonly string[] {
  return code.filter((words) => FOLDERS.test(words) && !/\s/.test(words) && !PLACEHOLDER.test(words));
}

const program = createProgram(surroundings(), '1.2.3', { writeCharts: async () => [] });

/** Command lines of `mlops` that a page names. */
function commandLines({ code, shell }: Page): readonly string[] {
  return [...code, ...shell].flatMap((text) =>
    text.split(/&&|\|\s/).flatMap((part) => /^(?:npx )?mlops (.*)$/.exec(part.trim())?.[1] ?? []),
  );
}

/** What there isn't of a command line. @returns undefined if there is all of it */
function fault(line: string): string | undefined {
  let command: Command = program;
  let follows = true;
  for (const word of line.split(/[\s,]+/)) {
    if (word.startsWith('-')) {
      follows = false;
      const known = [command, command.parent].flatMap((each) => each?.options.map(({ long }) => long) ?? []);
      if (![...known, '--help', '--version'].includes(word.split('=')[0] ?? '')) return `no option ${word}`;
      continue;
    }
    if (!follows) continue;
    const next = word.split('|').map((name) => command.commands.find((each) => each.name() === name));
    const [first] = next;
    if (command.commands.length === 0) follows = false;
    else if (first && !next.includes(undefined)) command = first;
    else return `no command ${word}`;
  }
  return undefined;
}

const scripts = Object.keys(
  (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts,
);

describe('a page of the documentation', () => {
  test.each(PAGES)('%s links to what is there', (path) => {
    const broken = page(path).links.filter((link) => {
      const { file, anchor } = target(path, link);
      return !there(file) || (anchor !== '' && !readPage(file).anchors.includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  test.each(PAGES)('%s names files that are there', (path) => {
    const missing = namedFiles(page(path)).filter((name) => !there(name));
    expect(missing).toEqual([]);
  });

  test.each(PAGES)('%s names commands, options and scripts that there are', (path) => {
    const { code, shell } = page(path);
    const faults = commandLines(page(path)).flatMap((line) => {
      const why = fault(line);
      return why === undefined ? [] : [`mlops ${line}: ${why}`];
    });
    const asked = [...code, ...shell].flatMap((text) =>
      [...text.matchAll(/\bnpm (?:run ([\w:]+)|(test)\b)/g)].map(([, script, test]) => script ?? test ?? ''),
    );
    expect([...faults, ...asked.filter((script) => !scripts.includes(script))]).toEqual([]);
  });
});

describe('the documentation', () => {
  test('has no page that README.md does not lead to', () => {
    const reached = new Set<string>();
    const follow = (path: string): void => {
      if (reached.has(path) || !pages.has(path)) return;
      reached.add(path);
      for (const link of page(path).links) follow(target(path, link).file);
    };
    follow('README.md');
    expect(PAGES.filter((path) => !reached.has(path))).toEqual([]);
  });

  test.each([
    ['docs/guide/README.md', /^docs\/(guide|runbooks)\/(?!README)/],
    ['docs/adr/README.md', /^docs\/adr\/\d/],
  ])('%s lists every page that it is the index of', (index, listed) => {
    const links = page(index).links.map((link) => target(index, link).file);
    expect(PAGES.filter((path) => listed.test(path) && !links.includes(path))).toEqual([]);
  });

  test('is read by what finds mistakes', () => {
    expect(fault('release promote flight-delay --env dev --wait 60')).toBeUndefined();
    expect(fault('local up --speed 10')).toBeUndefined();
    expect(fault('release approve|reject MODEL')).toBeUndefined();
    expect(fault('release demote flight-delay')).toBe('no command demote');
    expect(fault('release promote flight-delay --force')).toBe('no option --force');
    expect(PAGES.flatMap((path) => commandLines(page(path))).length).toBeGreaterThan(100);
    expect(PAGES.flatMap((path) => namedFiles(page(path))).length).toBeGreaterThan(50);
  });
});
