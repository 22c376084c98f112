import { Command } from 'commander';
import { configCommands } from '../../../cli/commands/config';
import { surroundings } from './surroundings';

async function mlops(...words: string[]): Promise<string> {
  const recorded = surroundings();
  const program = new Command().exitOverride();
  configCommands(program, recorded);
  await program.parseAsync(words, { from: 'user' });
  return recorded.lines.join('\n');
}

describe('mlops config', () => {
  test('check names what both files hold', async () => {
    expect(await mlops('config', 'check')).toContain(
      'config/environments.ts: 4 environments (local, dev, staging, prod)',
    );
    expect(JSON.parse(await mlops('config', 'check', '--json'))).toMatchObject({
      models: expect.arrayContaining(['flight-delay']),
    });
  });

  test('show fills in every default, with the models of the environment', async () => {
    expect(JSON.parse(await mlops('config', 'show', 'dev', '--json'))).toMatchObject({
      name: 'dev',
      removal: 'destroy',
      evidenceLockDays: 365,
      models: { 'flight-delay': { serving: { instanceType: 'ml.m5.large' } } },
    });
    expect(await mlops('config', 'show', 'prod')).toMatch(/^instances\.max +12$/m);
  });

  test.each(['produ', 'constructor', '__proto__'])(
    'show of the unknown environment %s names those that exist',
    async (name) => {
      await expect(mlops('config', 'show', name)).rejects.toThrow(
        `ENV: no such environment, got ${name}; choose from local, dev, staging, prod`,
      );
    },
  );
});
