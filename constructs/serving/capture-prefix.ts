import { Fn } from 'aws-cdk-lib';

/**
 * Prefix in the capture bucket of what one release of a model answers: captured data doesn't say which release it is
 * of, and while traffic shifts two of them answer. SageMaker writes below it by endpoint and variant.
 * @param modelName as in `config/models.ts`
 * @param modelPackageArn of the release; ends in the version
 */
export function capturePrefix(modelName: string, modelPackageArn: string): string {
  // arn:…:model-package/GROUP/VERSION. While nothing is released it is `none`, and has no third part of its own.
  const version = Fn.select(2, Fn.split('/', `${modelPackageArn}/-/-`));
  return `${modelName}/${version}`;
}
