import { DefaultStackSynthesizer, type Stack } from 'aws-cdk-lib';

/** Qualifier of the account's bootstrap that a stack is deployed with. */
export function bootstrapQualifier(stack: Stack): string {
  return stack.synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
}

/**
 * ARNs of the SSM parameters that CloudFormation reads whenever a serving stack is updated: the releases, and the version
 * of the bootstrap, which the CDK asks for in every template. Whoever updates the stack has to be able to read them.
 * @param releaseParameters names; one stands for several by `*`
 */
export function stackParameterArns(stack: Stack, ...releaseParameters: string[]): string[] {
  return [...releaseParameters, `/cdk-bootstrap/${bootstrapQualifier(stack)}/version`].map((name) =>
    stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.slice(1) }),
  );
}
