import { Command } from 'commander';
import { loadCommands } from '../../../../cli/commands/load';
import { exitCodeOf } from '../../../../cli/exit-code';
import type { Measured } from '../../../../cli/load/load-plan';
import { environments } from '../../../../config/environments';
import { defineModels } from '../../../../config/schema';
import { model } from '../../config/smallest';
import { surroundings } from '../surroundings';

/** A server of one worker that answers 100 a second in 10 ms, however many ask. */
const server: Measured = {
  workers: 1,
  measure: async (concurrency) => ({
    answered: 300,
    failed: 0,
    perSecond: 100,
    medianMs: 9,
    p99Ms: 10 * concurrency,
  }),
  memoryGib: async () => 0.25,
};

async function run(args: readonly string[], measured: Partial<Measured> = {}) {
  const around = surroundings();
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  const asked: string[] = [];
  loadCommands(program, around, {
    withServer: async (chosen, _, __, work) => {
      asked.push(chosen.environmentName);
      return work({ ...server, ...measured });
    },
  });
  await program.parseAsync(['load', 'plan', 'flight-delay', ...args], { from: 'user' });
  return { ...around, asked };
}

const LOAD = ['--rps', '100', '--p99-ms', '50'];

describe('mlops load plan', () => {
  test('proposes lines for the config, says how, and what it does not know', async () => {
    const { lines, notes } = await run(LOAD);
    const text = lines.join('\n');
    expect(text).toContain("serving: { …, instanceType: 'ml.c5.large' }");
    expect(text).toContain("autoscaling: { kind: 'invocations', perInstancePerMinute: 4200 }");
    expect(text).toContain('config/environments.ts, local:\n  instances: { min: 3, max: 4 }');
    expect(text).toContain('70.0 a second: 1 busy of 2 vCPUs, times 1, less 30 % head-room');
    expect(text).toContain('cost is not computed');
    expect(notes[0]).toBe('1 at a time: 100 a second, p99 10.0 ms');
  });

  test('proposes what the config takes', async () => {
    const { lines } = await run([...LOAD, '--json']);
    const { proposal } = JSON.parse(lines.join('\n')) as {
      proposal: { instanceType: `ml.${string}`; invocationsPerInstancePerMinute: number };
    };
    const { instanceType, invocationsPerInstancePerMinute: perInstancePerMinute } = proposal;
    expect(() =>
      defineModels({
        churn: model({
          serving: { mode: 'realtime', instanceType },
          autoscaling: { kind: 'invocations', perInstancePerMinute },
        }),
      }),
    ).not.toThrow();
  });

  test('measures on this machine, whatever environment the plan is for', async () => {
    const { asked, lines } = await run([...LOAD, '--env', 'prod']);
    expect(asked).toEqual(['local']);
    expect(lines.join('\n')).toContain('config/environments.ts, prod:');
    expect(Object.keys(environments)).toContain('prod');
  });

  test('plans for a peak of twice the rate, 30 percent of head-room and like processors unless told otherwise', async () => {
    const request = async (...more: string[]) =>
      (JSON.parse((await run([...LOAD, '--json', ...more])).lines.join('\n')) as { request: object }).request;
    expect(await request()).toEqual({
      rps: 100,
      p99Ms: 50,
      peakRps: 200,
      vcpuFactor: 1,
      headroomPercent: 30,
      windowSeconds: 3,
      repeats: 3,
    });
    expect(await request('--peak-rps', '100', '--vcpu-factor', '0.5')).toMatchObject({ peakRps: 100, vcpuFactor: 0.5 });
  });

  test('holds the percentile here by as much less as a vCPU is slower', async () => {
    await expect(run(['--rps', '1', '--p99-ms', '10', '--vcpu-factor', '1'])).resolves.toBeDefined();
    await expect(run(['--rps', '1', '--p99-ms', '10', '--vcpu-factor', '0.9'])).rejects.toThrow(
      "--p99-ms: can't be held, got 10 ms, which is 9.0 ms on this machine by --vcpu-factor 0.9",
    );
  });

  test('says the best that was seen where the percentile is out of reach', async () => {
    const failing = run(['--rps', '100', '--p99-ms', '5']);
    await expect(failing).rejects.toThrow(
      "--p99-ms: can't be held, got 5 ms; the best that was seen is 10.0 ms, at 100.0 a second with 1 at a time;",
    );
    expect(exitCodeOf(await failing.catch((error: unknown) => error))).toBe(2);
  });

  test('says that nothing was answered where nothing was', async () => {
    const dead = async () => ({ answered: 0, failed: 7, perSecond: 0, medianMs: Number.NaN, p99Ms: Number.NaN });
    await expect(run(LOAD, { measure: dead })).rejects.toThrow(/no request was answered, and \d+ requests failed/);
  });

  test('refuses a load that no hundred instances carry', async () => {
    await expect(run(['--rps', '100000', '--p99-ms', '50'])).rejects.toThrow('--rps: no instance type carries it');
  });

  test('plans where the machine says nothing of memory', async () => {
    const { lines } = await run(LOAD, { memoryGib: async () => undefined });
    expect(lines.join('\n')).toContain('memory unknown');
  });

  test.each([
    ['--rps', '0'],
    ['--rps', '-1'],
    ['--rps', 'NaN'],
    ['--rps', 'many'],
    ['--rps', ''],
    ['--p99-ms', '0'],
    ['--p99-ms', '60001'],
    ['--vcpu-factor', '0'],
    ['--headroom', '0'],
    ['--headroom', '96'],
    ['--seconds', '61'],
    ['--repeats', '0'],
    ['--repeats', '1.5'],
    ['--peak-rps', '99'],
  ])('refuses %s %p with 2, before anything is started', async (option, value) => {
    const wrong = run([...LOAD, `${option}=${value}`]);
    await expect(wrong).rejects.toThrow(`${option}: must`);
    expect(exitCodeOf(await wrong.catch((error: unknown) => error))).toBe(2);
  });

  test('names all wrong options at once', async () => {
    await expect(run(['--rps', '0', '--p99-ms', 'soon'])).rejects.toThrow(/^load plan: 2 problems/);
  });
});
