/** Statuses of an endpoint that is between two releases. */
export const CHANGING: ReadonlySet<string> = new Set(['Creating', 'Updating', 'RollingBack']);

/** `SystemUpdating` is the service's own maintenance: the endpoint serves. */
export const SERVING: ReadonlySet<string> = new Set(['InService', 'SystemUpdating']);
