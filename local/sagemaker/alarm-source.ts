/** What CloudWatch says of alarms. */
export interface AlarmSource {
  /**
   * @param since one that was in ALARM at any moment after it counts as being so. @default only the present counts
   * @returns those of them that exist
   * @throws if CloudWatch doesn't answer within a few seconds
   */
  describe(names: readonly string[], since?: Date): Promise<readonly AlarmState[]>;
}

export interface AlarmState {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
}
