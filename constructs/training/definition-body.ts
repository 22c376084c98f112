import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { RawFloat } from '../../pipelines/sagemaker/raw-float';

/** A definition as text for a template: tokens stay what they are, and raw floats keep their point. */
export function definitionBody(scope: Construct, definition: object): string {
  return Stack.of(scope).toJsonString(withNumberTokens(definition));
}

/** The CDK quotes what objects resolve to, and turns a number into `2`; what a number token resolves to it leaves alone. */
function withNumberTokens(value: unknown): unknown {
  if (value instanceof RawFloat) return Token.asNumber({ 'Fn::Join': ['', [value.text]] });
  if (typeof value !== 'object' || value === null || Token.isUnresolved(value)) return value;
  if (Array.isArray(value)) return value.map(withNumberTokens);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNumberTokens(inner)]));
}
