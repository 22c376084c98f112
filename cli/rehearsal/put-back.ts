import { CancelUpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { errorMessage } from '../../core/release/aws/service-errors';
import type { Target } from '../../local/loop/target';
import type { Output } from '../output';

/**
 * Sees to it that a version which is bad on purpose isn't left behind as an approved one, and doesn't go on shifting
 * once nobody sends the requests that its guards judge it by.
 */
export class PutBack {
  private begun = false;
  private over = false;

  /** @param arn of the bad version. @default - the version is good, and may stay */
  constructor(
    private readonly arn: string | undefined,
    private readonly target: Target,
    private readonly out: Output,
  ) {}

  /** The version is about to be approved. */
  begin(): void {
    this.begun = true;
  }

  /** The release has an outcome. A bad version that was released in spite of its guards is left to the user. */
  async end(released: boolean): Promise<void> {
    this.over = true;
    if (this.arn === undefined) return;
    await this.reject('The rehearsal is over');
    if (!released) return;
    const { model, environment } = this.target.props;
    this.out.note(`The bad version serves. To go back: npx mlops release rollback ${model} --env ${environment}`);
  }

  /** The command ends before the release does. */
  async interrupted(): Promise<void> {
    if (this.over || this.arn === undefined) return;
    this.over = true;
    try {
      await this.reject('The rehearsal was interrupted');
      if (this.begun) await this.cancel();
    } catch (error) {
      this.out.note(`The bad version could not be put back, got ${errorMessage(error)}; see npx mlops status`);
    }
  }

  private async reject(why: string): Promise<void> {
    await this.target.clients.sageMaker.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: this.arn,
        ModelApprovalStatus: 'Rejected',
        ApprovalDescription: why,
      }),
    );
  }

  private async cancel(): Promise<void> {
    try {
      await this.target.clients.cloudFormation.send(
        new CancelUpdateStackCommand({ StackName: this.target.servingStack }),
      );
      this.out.note('The update of the serving stack is cancelled: the endpoint goes back by itself.');
    } catch (error) {
      // Not begun yet, and then a rejected version isn't promoted; or over already.
      this.out.note(`No update was under way to cancel: ${errorMessage(error)}`);
    }
  }
}
