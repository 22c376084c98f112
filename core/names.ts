/**
 * Physical names that two sides must agree on beforehand: the stack that makes a thing, and the alarm, handler or
 * command that finds it by name. Everything else is named by CloudFormation.
 */
export const PROJECT = 'mlops';

/** `network`, or `serving` with the model: the name of a CloudFormation stack. */
export function stackName(environment: string, concern: string, model?: string): string {
  return [PROJECT, environment, concern, model].filter(Boolean).join('-');
}

/** One name for a model's pipeline, ModelPackageGroup and endpoint in an environment. */
export function modelName(environment: string, model: string): string {
  return `${environment}-${model}`;
}

/** Of a ModelPackageGroup, where a name would be looked for in the caller's own account. */
export function modelPackageGroupArn(group: { region: string; account: string; group: string }): string {
  const partition = group.region.startsWith('cn-')
    ? 'aws-cn'
    : group.region.startsWith('us-gov-')
      ? 'aws-us-gov'
      : 'aws';
  return `arn:${partition}:sagemaker:${group.region}:${group.account}:model-package-group/${group.group}`;
}

/** SSM parameter whose value is the ARN of the released model package, or {@link NO_RELEASE}. */
export function releaseParameterName(environment: string, model: string): string {
  return `/${PROJECT}/${environment}/${model}/release`;
}

/** SSM parameter of a variant that serves a release of its own: a challenger, or the shadow. */
export function variantReleaseParameterName(environment: string, model: string, variant: string): string {
  return `/${PROJECT}/${environment}/${model}/variants/${variant}/release`;
}

/** Path of the roles that CloudFormation releases in: one pattern of ARNs covers those of all models. */
export function releaseRolePath(environment: string): string {
  return `/${PROJECT}/${environment}/release/`;
}

/**
 * Path of the roles that models run as where their versions come from another environment's registry: the policies there
 * can name them before they exist.
 */
export function servingRolePath(environment: string): string {
  return `/${PROJECT}/${environment}/serving/`;
}

/** ECR repository of the images of an environment whose versions other accounts serve as well. */
export function imagesRepositoryName(environment: string): string {
  return `${PROJECT}-${environment}-images`;
}

/** Event bus where an environment hears of approvals in another account's registry. */
export function registryBusName(environment: string): string {
  return `${PROJECT}-${environment}-registry`;
}

/** Tag of everything that an environment has, with the environment's name. */
export const ENVIRONMENT_TAG = 'environment';

/** Value of the release parameter while no model has been released. SSM values can't be empty. */
export const NO_RELEASE = 'none';

/** Name of the serving stack's CloudFormation parameter that reads the release parameter. */
export const RELEASE_STACK_PARAMETER = 'ReleasedModelPackage';

/**
 * Where the artefact of the model that serves is kept in the bucket of models, for pipelines to compare with: it is
 * `model.tar.gz` there, or a note that nothing serves.
 */
export function championPrefix(model: string): string {
  return `${model}/champion`;
}

/** Namespace of the CloudWatch metrics that the handlers of a release publish. */
export const RELEASE_METRICS = `${PROJECT}/release`;

/**
 * How many ways the live release differs from the one asked for; 0 when all is as it should be. Its dimensions are
 * {@link releaseDimensions}.
 */
export const MISMATCH_METRIC = 'ReleaseMismatches';

export function releaseDimensions(environment: string, model: string): { Environment: string; Model: string } {
  return { Environment: environment, Model: model };
}

/** Output of the serving stack: the EndpointConfig that it asked the endpoint to have. */
export const ENDPOINT_CONFIG_OUTPUT = 'EndpointConfigName';

/** Output of the serving stack: which alarms guard a release, and what each needs to judge it, as JSON. */
export const GUARDS_OUTPUT = 'Guards';

/** {@link RELEASE_STACK_PARAMETER} of a variant: `champion-b` becomes `ReleasedModelPackageChampionB`. */
export function variantStackParameter(variant: string): string {
  return `${RELEASE_STACK_PARAMETER}${pascalCase(variant)}`;
}

/** `champion-b` as a part of the id of a construct. */
export function pascalCase(words: string): string {
  return words
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** The one production variant of an endpoint that isn't split on purpose. */
export const PRODUCTION_VARIANT = 'AllTraffic';

/** Output of the serving stack that names the Model of a release which has no endpoint. */
export const SERVED_MODEL_OUTPUT = 'ServedModelName';

/** Metadata of a model package: the execution of the pipeline of ours that registered it. */
export const PIPELINE_EXECUTION = 'pipeline_execution_id';

/** Metadata of a model package: of the graph that the ONNX server runs, in hex; `none` where the Python server has it. */
export const ONNX_SHA256 = 'onnx_sha256';

/** Metadata of a model package: the image that trained it, where another one serves it. */
export const TRAINING_IMAGE = 'training_image';
