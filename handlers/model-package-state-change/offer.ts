import type { ModelPackageStateChange } from '../../core/events';
import type { Decision } from '../../core/release/decision';
import type { ModelPackage, ReleasePorts } from '../../core/release/ports';
import { type Registry, whyForeign } from '../../core/release/registry';

/** A version that another environment's approvers have said yes to waits for somebody of this environment. */
export type Offer = { readonly kind: 'offered' | 'withdrawn'; readonly why: string };

/** @throws Error if an event of another account's registry isn't about the model that this handler is for */
export function checkOrigin({ account: sender, detail }: ModelPackageStateChange, registry: Registry): void {
  const { account, group } = registry;
  if (account === null) return;
  const foreign = sender === account ? whyForeign(registry, detail.ModelPackageArn) : `it comes from account ${sender}`;
  if (foreign === undefined && detail.ModelPackageGroupName === group) return;
  throw new Error(
    `${detail.ModelPackageArn}: must be a version of ${group} in account ${account}, got an event that isn't (${foreign ?? detail.ModelPackageGroupName}); find out who sends it`,
  );
}

/** Whether approvals come from another environment, and this one asks somebody of its own. */
export function isOffered({ environment, registry, approvalPolicy }: ReleasePorts): boolean {
  return registry.environment !== environment && approvalPolicy.people > 0;
}

/** Tells people of this environment that they may release a version. */
export async function offer(
  { modelPackage, version, by, reason }: Decision,
  found: ModelPackage | undefined,
  { environment, model, registry, state, notify }: ReleasePorts,
): Promise<Offer> {
  if (found?.approval !== 'Approved')
    return { kind: 'withdrawn', why: `version ${version} is ${found?.approval ?? 'not in the registry any more'}` };
  const why = `version ${version} was approved in ${registry.environment} by ${by}: ${reason}`;
  if ((await state.load())?.state.live === modelPackage) return { kind: 'offered', why };
  await notify(
    `${model} ${version} can be released in ${environment}`,
    `${why}\n\nRelease it with: npx mlops release promote ${model} ${version} --env ${environment} --reason …`,
  );
  return { kind: 'offered', why };
}
