/** How a version can be bad on purpose; as `workloads/common/rehearsal.py` has them. */
export const FAULTS = ['errors', 'slow', 'wrong'] as const;
export type Fault = (typeof FAULTS)[number];

/** Customer metadata of a version that rehearses a release: a {@link Fault}, or `good`. */
export const REHEARSAL = 'rehearsal';
/** Customer metadata: the ARN of the version that it was made from. */
export const REHEARSAL_OF = 'rehearsal-of';
