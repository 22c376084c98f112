/** Statuses of an endpoint that is between two releases. */
export const CHANGING: ReadonlySet<string> = new Set(['Creating', 'Updating', 'RollingBack']);

/** Status of a release that is a Model for transform jobs: there is no endpoint to be in service. */
export const WITHOUT_ENDPOINT = 'NoEndpoint';

/** `SystemUpdating` is the service's own maintenance: the endpoint serves. */
export const SERVING: ReadonlySet<string> = new Set(['InService', 'SystemUpdating', WITHOUT_ENDPOINT]);
