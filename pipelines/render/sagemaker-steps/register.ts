import type { RegisterStep, Runtime } from '../../definition';
import type { Ref } from '../../sagemaker/ref';
import { type Step, step } from '../../sagemaker/step';
import { common, serviceRetry, unlessEmpty } from './common';
import type { Values } from './values';

export function register(definition: RegisterStep, runtime: Runtime, values: Values): Step {
  const { name, group, model, script, description, evaluation, metadata, environment } = definition;
  return step(
    'RegisterModel',
    name,
    {
      ModelPackageGroupName: group,
      ModelPackageDescription: description,
      // A literal is checked against the enum like any other string.
      ModelApprovalStatus: values.text(definition.approvalStatus) as Ref<string>,
      InferenceSpecification: {
        Containers: [
          {
            Image: values.text(definition.image ?? runtime.image),
            ModelDataUrl: values.text(model),
            Environment: { SAGEMAKER_PROGRAM: script, ...environment },
          },
        ],
        SupportedContentTypes: definition.contentTypes,
        SupportedResponseMIMETypes: definition.responseTypes,
      },
      ModelMetrics:
        evaluation === undefined
          ? undefined
          : { ModelQuality: { Statistics: { ContentType: 'application/json', S3Uri: values.text(evaluation) } } },
      CustomerMetadataProperties: unlessEmpty(values.texts(metadata)),
    },
    { ...common(definition), retryPolicies: serviceRetry(definition.retry) },
  );
}
