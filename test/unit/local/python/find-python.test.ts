import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvalidInputError } from '../../../../core/invalid-input-error';
import { findPython } from '../../../../local/python/find-python';

describe('the search for Python', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'python-'));
    mkdirSync(join(folder, 'bin'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Installs a program that answers as the interpreter would. */
  const install = (path: string, script: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, path), 0o755);
  };
  const environment = (): Record<string, string> => ({ PATH: join(folder, 'bin'), HOME: folder });

  test('takes the interpreter that a name on PATH leads to', async () => {
    install('bin/python3.11', 'echo 3.11 /opt/python with space/bin/python3.11');
    expect(await findPython(environment())).toBe('/opt/python with space/bin/python3.11');
  });

  test('passes over other versions and shims that are not switched on', async () => {
    install('bin/python3.11', 'echo "pyenv: python3.11: command not found" >&2; exit 127');
    install('bin/python3', 'echo 3.13 /usr/bin/python3');
    install('bin/python', 'echo 3.11 /usr/local/bin/python');
    expect(await findPython(environment())).toBe('/usr/local/bin/python');
  });

  test('looks among the versions of pyenv, the newest first', async () => {
    install('.pyenv/versions/3.11.4/bin/python', 'echo 3.11 /older');
    install('.pyenv/versions/3.11.7/bin/python', 'echo 3.11 /newer');
    install('.pyenv/versions/3.12.1/bin/python', 'echo 3.12 /other');
    expect(await findPython(environment())).toBe('/newer');
    expect(await findPython({ ...environment(), HOME: '/nonexistent', PYENV_ROOT: join(folder, '.pyenv') })).toBe(
      '/newer',
    );
  });

  test('says what it found instead, and how to get the right one', async () => {
    install('bin/python3', 'echo 3.13 /usr/bin/python3');
    install('bin/python', 'echo "ModuleNotFoundError: No module named \'ensurepip\'" >&2; exit 1');
    const search = findPython(environment());
    await expect(search).rejects.toThrow(InvalidInputError);
    await expect(search).rejects.toThrow(
      "Python: 3.11 with its module venv is needed, got python3 (3.13), python (ModuleNotFoundError: No module named 'ensurepip'); install it",
    );
  });

  test('says that there is none at all', async () => {
    await expect(findPython({ PATH: join(folder, 'bin'), HOME: folder })).rejects.toThrow('got no Python at all');
  });

  test('tries only the one that was asked for', async () => {
    install('bin/python3.11', 'echo 3.11 /usr/bin/python3.11');
    install('mine', 'echo 3.9 /mine');
    await expect(findPython(environment(), join(folder, 'mine'))).rejects.toThrow(`got ${join(folder, 'mine')} (3.9)`);
  });
});
