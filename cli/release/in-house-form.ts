import { errorMessage, errorName } from '../../core/release/aws/service-errors';
import type { Chosen } from '../model-argument';

const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;
const OLD_CREDENTIALS = /^(ExpiredToken|ExpiredTokenException|InvalidClientTokenId|UnrecognizedClientException)$/;
const REFUSED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/;

/** Says in the form of our own errors what an SDK's common ones mean to whoever ran the command. */
export async function inHouseForm<T>({ environment, environmentName }: Chosen, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const name = errorName(cause);
    const where = `--env ${environmentName}`;
    const got = errorMessage(cause);
    const say = (problem: string, fix: string) => new Error(`${where}: ${problem}, got ${got}; ${fix}`, { cause });
    if (NO_CREDENTIALS.test(name)) {
      throw say(
        `needs AWS credentials of account ${environment.account}`,
        'set AWS_PROFILE, or log in with aws sso login',
      );
    }
    if (OLD_CREDENTIALS.test(name)) {
      throw say('AWS does not take the credentials', `get new ones for account ${environment.account}`);
    }
    if (REFUSED.test(name)) {
      throw say('AWS refused the call', 'take a persona that may do it, see docs/guide/deploy.md');
    }
    throw cause;
  }
}
