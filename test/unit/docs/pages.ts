import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../../..');

/** Pages for people, by their path from the root of the repository. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name))
    .sort(),
];

/** What a page has for a reader to follow. */
export interface Page {
  /** Targets of links that lead to files of the repository, as they are written. */
  readonly links: readonly string[];
  /** As GitHub names them in addresses. */
  readonly anchors: readonly string[];
  /** Words between backticks, outside of fenced blocks. */
  readonly code: readonly string[];
  /** Lines of shell blocks, without what comes after a command in a comment. */
  readonly shell: readonly string[];
}

export function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  return {
    links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = '']) => to).filter((to) => !/^[a-z]+:/.test(to)),
    anchors: [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchor(title)),
    code: [...prose.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words.replaceAll(/\s+/g, ' ')),
    shell: [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
      block
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .map((line) => line.replace(/(^|\s)#\s.*$/, '').trim()),
    ),
  };
}

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}
