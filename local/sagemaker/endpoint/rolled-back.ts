import type { AlarmState } from '../alarm-source';

/** Why a deployment goes back. The message ends up as the endpoint's FailureReason. */
export class RolledBack extends Error {
  override readonly name = 'RolledBack';

  constructor(
    message: string,
    /** Alarms that went off. */
    readonly fired: readonly AlarmState[] = [],
  ) {
    super(message);
  }
}
