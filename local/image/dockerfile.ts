import { Faults } from '../../core/faults';
import { InvalidInputError } from '../../core/invalid-input-error';
import { PYTHON_VERSION } from '../python/find-python';

/** Where the context lies in the image. */
export const PROGRAM = '/opt/program';

/** What of a Dockerfile matters where the machine itself stands for the base image. */
export interface Dockerfile {
  readonly language: 'python' | 'node';
  /** Path of the lock file that is installed, in the context. */
  readonly lockFile: string;
  /** What ENV sets, but for PATH: that of the container is put together where it starts. */
  readonly environment: Readonly<Record<string, string>>;
}

interface Instruction {
  readonly line: number;
  readonly name: string;
  readonly rest: string;
}

/** They have no meaning for a process of this machine, or SageMaker decides instead. */
const WITHOUT_EFFECT = new Set(['CMD', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'STOPSIGNAL', 'USER', 'VOLUME']);
/** System packages are the machine's own. */
const SYSTEM_PACKAGES = /^(apt-get|apk|dnf|yum|microdnf)\s/;

/**
 * Reads a Dockerfile that copies its context to /opt/program and installs one lock file, with pip or npm ci.
 * @param file for messages
 * @param buildArguments as of `--build-arg`
 * @throws InvalidInputError that names every instruction which can't be kept to without a container engine
 */
export function parseDockerfile(
  file: string,
  text: string,
  buildArguments: Readonly<Record<string, string>> = {},
): Dockerfile {
  const faults = new Faults();
  const copies = new Map<string, string>();
  const environment: Record<string, string> = {};
  const locks: string[] = [];
  let stages = 0;
  let language: Dockerfile['language'] = 'python';
  let hasProgram = false;
  for (const { line, name, rest } of instructions(text)) {
    const where = `${file}:${line}`;
    const refuse = (problem: string, fix: string) => faults.add(where, `${problem}, got ${name} ${rest}`, fix);
    if (name === 'FROM') {
      stages += 1;
      if (stages > 1) refuse('more than one stage can not be built without a container engine', 'keep to one stage');
      const base = rest.replace(/^\$\{(\w+)\}$/, (whole, argument: string) => buildArguments[argument] ?? whole);
      language = /(^|\/)node:\d+\b/.test(base) ? 'node' : 'python';
      if (language === 'python' && !new RegExp(`(^|/)python:${PYTHON_VERSION.replace('.', '\\.')}\\b`).test(base))
        refuse(`the image must begin with Python ${PYTHON_VERSION}`, `begin FROM python:${PYTHON_VERSION}-slim`);
    } else if (name === 'ARG') {
      if (!(rest in buildArguments)) refuse('a build argument needs a value', `pass --build-arg ${rest}=…`);
    } else if (name === 'ENV') {
      for (const [key, value] of variables(rest)) {
        if (key === 'PATH') continue;
        if (value.includes('$')) refuse('a value can not refer to others', 'write the value out');
        environment[key] = value;
      }
    } else if (name === 'COPY') {
      const words = rest.split(/\s+/);
      const [from = '', to = ''] = words;
      if (words.length !== 2 || from.startsWith('--')) refuse('it is not understood', 'copy one thing to one place');
      else if (from === '.' && to.replace(/\/$/, '') === PROGRAM) hasProgram = true;
      else copies.set(to, from);
    } else if (name === 'RUN') {
      for (const command of rest.split(/\s*&&\s*/)) {
        const [, lock] = /^(?:python3? -m )?pip3? install\b.*\s(?:-r|--requirement)[ =](\S+)/.exec(command) ?? [];
        if (lock) locks.push(lock);
        else if (language === 'node' && /^npm ci\b/.test(command)) locks.push(`${PROGRAM}/package-lock.json`);
        else if (!SYSTEM_PACKAGES.test(command) && !command.startsWith('rm ')) {
          refuse('a command can not be run without a container engine', 'install from one lock file with pip');
        }
      }
    } else if (name === 'WORKDIR') {
      if (rest.replace(/\/$/, '') !== PROGRAM) refuse(`the working folder is ${PROGRAM}`, `write WORKDIR ${PROGRAM}`);
    } else if (!WITHOUT_EFFECT.has(name)) {
      refuse('it can not be kept to without a container engine', 'do without');
    }
  }
  if (!hasProgram) faults.add(file, `must copy its context, got no COPY . ${PROGRAM}`, 'add that line');
  const sources = locks.map((lock) => copies.get(lock)).filter((source) => source !== undefined);
  if (locks.length !== 1 || sources.length !== 1) {
    faults.add(
      file,
      `must install exactly one lock file that it copies from its context, got ${locks.length === 0 ? 'none' : locks.join(', ')}`,
      'write COPY …/requirements.lock /tmp/requirements.lock and RUN pip install --require-hashes --requirement /tmp/requirements.lock',
    );
  }
  faults.throwIfAny(file);
  const [lockFile] = sources;
  if (lockFile === undefined) throw new InvalidInputError(file, 'installs no lock file, got none', 'install one');
  return { language, lockFile, environment };
}

function instructions(text: string): Instruction[] {
  const found: Instruction[] = [];
  let begun: { line: number; text: string } | undefined;
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    if (line.startsWith('#') || (line === '' && !begun)) return;
    const whole = `${begun?.text ?? ''}${line.replace(/\\$/, '')}`;
    const first = begun?.line ?? index + 1;
    begun = line.endsWith('\\') ? { line: first, text: whole } : undefined;
    if (begun) return;
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(whole.trim()) ?? [];
    found.push({ line: first, name: name.toUpperCase(), rest: rest.trim() });
  });
  return found;
}

/** `A=1 B="two words"`, or the old form `A 1`. */
function variables(rest: string): [string, string][] {
  const [, key, value = ''] = /^([^\s=]+)\s+(.*)$/s.exec(rest) ?? [];
  if (key) return [[key, value]];
  return [...rest.matchAll(/([^\s=]+)=("(?:\\.|[^"\\])*"|'[^']*'|\S*)/g)].map(([, name = '', raw = '']) => [
    name,
    raw.replace(/^(["'])(.*)\1$/s, '$2').replaceAll(/\\(.)/g, '$1'),
  ]);
}
