import { CfnCondition, CfnParameter, Fn, Token } from 'aws-cdk-lib';
import { NO_RELEASE, pascalCase, variantStackParameter } from '../../core/names';
import type { ServingInputs } from './serving-inputs';

export interface VariantRelease {
  /** ARN of the variant's own model package, or `none`. */
  readonly own: string;
  /** The same, and the model's release while the variant has none. */
  readonly ownOrLive: string;
  /** Whether the variant has a release of its own, and the model has one at all. */
  readonly condition: CfnCondition;
}

/** What one variant besides the live one serves: a parameter of its own says it. docs/adr/0008-variant-releases.md */
export function variantRelease(
  { stack, registered, modelPackageArn, condition }: ServingInputs,
  variant: string,
): VariantRelease {
  const { valueAsString } = new CfnParameter(stack, variantStackParameter(variant), {
    type: 'AWS::SSM::Parameter::Value<String>',
    default: registered.variantParameterNames[variant],
    description: `Name of the parameter that holds the ARN of the model package of the variant ${variant}`,
  });
  const hasOwn = new CfnCondition(stack, `Has${pascalCase(variant)}`, {
    expression: Fn.conditionAnd(condition, Fn.conditionNot(Fn.conditionEquals(valueAsString, NO_RELEASE))),
  });
  return {
    own: valueAsString,
    ownOrLive: Token.asString(Fn.conditionIf(hasOwn.logicalId, valueAsString, modelPackageArn)),
    condition: hasOwn,
  };
}
