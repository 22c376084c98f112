import { type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnModelPackageGroup } from 'aws-cdk-lib/aws-sagemaker';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { modelName, NO_RELEASE, pascalCase, releaseParameterName, variantReleaseParameterName } from '../../core/names';
import { allow } from '../security/allow';
import { groupPolicy } from './group-policy';
import type { SourceRegistry } from './source-registry';

export interface RegisteredModelProps {
  readonly environmentName: string;
  /** As in `config/models.ts`. */
  readonly modelName: string;
  /** What becomes of the group and the release when their stack is deleted. SageMaker deletes empty groups only. */
  readonly removalPolicy: RemovalPolicy;
  /** Variants that serve a release of their own, besides the model's: challengers, or the shadow. @default - none */
  readonly variants?: readonly string[];
  /** Where its versions are registered, if that is another environment. @default - here */
  readonly source?: SourceRegistry;
  /** Other accounts that may take its versions. @default - none */
  readonly consumerAccounts?: readonly string[];
}

/**
 * A model's versions and which of them is released.
 *
 * The release is written by promotions, not by deployments. CloudFormation writes a parameter's value again whenever it
 * updates any property of it, tags included (https://github.com/aws/aws-cdk/issues/25949), and would take the live
 * model out of service. So the resource has no property that could ever change: changing one resets every release.
 */
export class RegisteredModel extends Construct {
  /** Of the pipeline and the endpoint. */
  readonly name: string;
  /** Differs from {@link name} where the versions are another environment's. */
  readonly modelPackageGroupName: string;
  /** The other environment, if the versions are not registered here. */
  readonly source: SourceRegistry | undefined;
  readonly modelPackageGroupArn: string;
  readonly releaseParameterName: string;
  /** Names of the parameters of variants that serve a release of their own, by the variant. */
  readonly variantParameterNames: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: RegisteredModelProps) {
    super(scope, id);
    const { variants = [], source } = props;
    this.name = modelName(props.environmentName, props.modelName);
    this.source = source;
    this.modelPackageGroupName = source ? modelName(source.environmentName, props.modelName) : this.name;
    this.releaseParameterName = releaseParameterName(props.environmentName, props.modelName);

    this.modelPackageGroupArn = source ? source.groupArn(this, props.modelName) : this.createGroup(props);

    this.release('Release', this.releaseParameterName, props.removalPolicy);
    this.variantParameterNames = Object.fromEntries(
      variants.map((variant) => [
        variant,
        variantReleaseParameterName(props.environmentName, props.modelName, variant),
      ]),
    );
    for (const [variant, name] of Object.entries(this.variantParameterNames)) {
      this.release(`Release${pascalCase(variant)}`, name, props.removalPolicy);
    }
  }

  private createGroup({ removalPolicy, consumerAccounts = [] }: RegisteredModelProps): string {
    // No description: a new one would replace the group with all its versions.
    const group = new CfnModelPackageGroup(this, 'Resource', {
      modelPackageGroupName: this.modelPackageGroupName,
      modelPackageGroupPolicy:
        consumerAccounts.length > 0 ? groupPolicy(this, this.modelPackageGroupName, consumerAccounts) : undefined,
    });
    group.applyRemovalPolicy(removalPolicy);
    return group.attrModelPackageGroupArn;
  }

  private release(id: string, name: string, removalPolicy: RemovalPolicy): void {
    const release = new CfnParameter(this, id, { name, type: 'String', value: NO_RELEASE });
    release.applyRemovalPolicy(removalPolicy);
    release.addPropertyDeletionOverride('Tags');
  }

  /** Names of all parameters that say what is served. */
  get releaseParameterNames(): readonly string[] {
    return [this.releaseParameterName, ...Object.values(this.variantParameterNames)];
  }

  /**
   * Lets a principal see the versions of the model and what is known of them; those of before as well, if they come from
   * another environment's registry now.
   */
  grantRead(grantee: IGrantable): Grant {
    const { source } = this;
    const onGroup = this.onGroup(grantee, ['sagemaker:DescribeModelPackageGroup', 'sagemaker:ListModelPackages']);
    if (!source) return onGroup.combine(this.onVersions(grantee, ['sagemaker:DescribeModelPackage']));
    return onGroup.combine(
      allow(grantee, {
        // Across accounts the service asks about the versions when it lists them, by AWS's own example of a policy.
        actions: ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages'],
        resources: [this.versions, versionsArn(this, this.name)],
        because: 'All versions of this one model',
      }),
    );
  }

  /**
   * Lets a principal add versions.
   * @param options.approved whether a version may be registered as approved at once; otherwise somebody else has to say yes
   */
  grantRegister(grantee: IGrantable, { approved }: { readonly approved: boolean }): Grant {
    return allow(grantee, {
      actions: ['sagemaker:CreateModelPackage'],
      resources: [this.modelPackageGroupArn, this.versions],
      conditions: {
        StringEquals: {
          'sagemaker:ModelApprovalStatus': approved ? ['Approved', 'PendingManualApproval'] : ['PendingManualApproval'],
        },
      },
      because: 'The number of a version is not known before it is registered; the group is',
    });
  }

  /** Lets a principal say yes or no to versions. */
  grantApprove(grantee: IGrantable): Grant {
    return this.grantRead(grantee).combine(this.onVersions(grantee, ['sagemaker:UpdateModelPackage']));
  }

  /** Lets a principal set versions to pending again, and to nothing else. */
  grantTakeBack(grantee: IGrantable): Grant {
    return allow(grantee, {
      actions: ['sagemaker:UpdateModelPackage'],
      resources: [this.versions],
      conditions: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'PendingManualApproval' } },
      because: 'All versions of this one model',
    });
  }

  /** Lets a principal see which version is released. */
  grantReadRelease(grantee: IGrantable): Grant {
    return this.onRelease(grantee, ['ssm:GetParameter', 'ssm:GetParameterHistory']);
  }

  /** Lets a principal decide which version is released. Nothing is served before the serving stack is updated. */
  grantRelease(grantee: IGrantable): Grant {
    return this.onRelease(grantee, ['ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:PutParameter']);
  }

  private onGroup(grantee: IGrantable, actions: string[]): Grant {
    return allow(grantee, { actions, resources: [this.modelPackageGroupArn] });
  }

  private onVersions(grantee: IGrantable, actions: string[]): Grant {
    const because = 'All versions of this one model';
    return allow(grantee, { actions, resources: [this.versions], because });
  }

  private onRelease(grantee: IGrantable, actions: string[]): Grant {
    const resources = this.releaseParameterNames.map((name) =>
      Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) }),
    );
    return allow(grantee, { actions, resources });
  }

  private get versions(): string {
    return versionsArn(this, this.modelPackageGroupName, this.source?.account);
  }
}

/** @param account of the group. @default - that of the stack */
function versionsArn(scope: Construct, group: string, account?: string): string {
  return Stack.of(scope).formatArn({
    service: 'sagemaker',
    account,
    resource: 'model-package',
    resourceName: `${group}/*`,
  });
}
