/** What CloudWatch says of alarms. */
export interface AlarmSource {
  /** @returns those of them that exist. @throws if CloudWatch doesn't answer within a few seconds */
  describe(names: readonly string[]): Promise<readonly AlarmState[]>;
}

export interface AlarmState {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
}
