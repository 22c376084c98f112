import { Command } from 'commander';
import { approvalCommands } from '../../../../cli/release/approval-commands';
import type { OpenRelease } from '../../../../cli/release/open-release';
import type { ModelInput } from '../../../../config/model-spec';
import { defineEnvironments, defineModels } from '../../../../config/schema';
import { environment, model } from '../../config/smallest';
import { surroundings } from '../surroundings';
import { BUCKET, FakeAccount, MODEL, packageArn } from './fake-account';

const MULTI_VARIANT = {
  mode: 'multi-variant',
  weight: 9,
  challengers: [
    { name: 'challenger', weight: 1 },
    { name: 'larger', weight: 1 },
  ],
} as const satisfies ModelInput['serving'];
const SHADOW = { mode: 'shadow' } as const satisfies ModelInput['serving'];

/** Says yes to version 2, where version 1 serves. */
async function approve(serving: ModelInput['serving'], account: FakeAccount, ...more: string[]) {
  const models = defineModels({ [MODEL]: model({ serving }) });
  const { dev } = defineEnvironments(models, { dev: environment([MODEL]) });
  const opened = {
    chosen: { environmentName: 'dev', environment: dev, model: MODEL, spec: models[MODEL] },
    api: account,
    ports: account.ports,
    evidence: { api: account, bucket: BUCKET, environment: 'dev', model: MODEL },
  } as unknown as OpenRelease;
  const recorded = { ...surroundings(), now: () => new Date(account.aws.time) };
  const program = new Command('mlops');
  approvalCommands(program.command('release'), {
    surroundings: recorded,
    sleep: account.sleep,
    user: () => 'ada',
    open: (_, work) => work(opened),
  });
  await program.parseAsync(['release', 'approve', MODEL, '2', '--reason', 'better', '--env', 'dev', ...more], {
    from: 'user',
  });
  return recorded;
}

/** No handler of approvals is deployed for such a model. */
async function account(): Promise<FakeAccount> {
  const made = await new FakeAccount().register('Approved', 'PendingManualApproval').released(1);
  made.handlersRun = false;
  return made;
}

describe('approve, where a version may go to one of several variants', () => {
  test.each([
    ['multi-variant', MULTI_VARIANT, 'challenger'],
    ['shadow', SHADOW, 'shadow'],
  ] as const)(
    '%s: says yes, releases nothing, waits for nothing, and says how to go on',
    async (_, serving, variant) => {
      const made = await account();
      const { lines } = await approve(serving, made);
      expect(made.aws.approvals.get(packageArn(2))).toBe('Approved');
      expect([made.aws.served, made.aws.updates.length, made.naps]).toEqual([packageArn(1), 1, []]);
      expect(lines.slice(-1)).toEqual([
        [
          `To release it: npx mlops release promote ${MODEL} 2 --env dev`,
          `To let a variant serve it: npx mlops release assign ${MODEL} 2 --env dev --variant ${variant}`,
        ].join('\n'),
      ]);
    },
  );

  test('says in JSON that nothing was released', async () => {
    const { lines } = await approve(MULTI_VARIANT, await account(), '--json');
    expect(lines).toHaveLength(1);
    const { version, outcome } = JSON.parse(lines[0] ?? '') as { version: number; outcome?: string };
    expect({ version, outcome }).toEqual({ version: 2, outcome: undefined });
  });

  test('follows a promotion of the version that somebody has begun meanwhile', async () => {
    const made = await account();
    made.aws.approvals.set(packageArn(2), 'Approved');
    await made.begin(2, 'promotion');
    made.handlersRun = true;
    const { lines } = await approve(MULTI_VARIANT, made);
    expect(made.aws.served).toBe(packageArn(2));
    expect(lines.join('\n')).toContain(`Version 2 of ${MODEL} in dev is live`);
  });
});
