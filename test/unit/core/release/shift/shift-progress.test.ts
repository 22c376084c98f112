import { describeShift } from '../../../../../core/release/shift/describe-shift';
import type { EndpointDescription, VariantStatus } from '../../../../../core/release/shift/endpoint-description';
import { shiftProgress } from '../../../../../core/release/shift/shift-progress';

const BEGAN = new Date('2026-03-01T12:00:00Z');
const at = (seconds: number) => new Date(BEGAN.getTime() + seconds * 1000);

/** An endpoint of three instances that is being updated; messages are those of the service's documentation. */
function updating(status: VariantStatus | undefined, current = 1): EndpointDescription {
  return {
    EndpointStatus: 'Updating',
    PendingDeploymentSummary: {
      EndpointConfigName: 'config-2',
      StartTime: BEGAN,
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          CurrentInstanceCount: current,
          DesiredInstanceCount: 3,
          VariantStatus: status && [status],
        },
      ],
    },
  };
}

const baking = (capacity: string, seconds = 600): VariantStatus => ({
  Status: 'Baking',
  StatusMessage: `Baking for ${seconds} seconds (TerminationWaitInSeconds) with traffic enabled on ${capacity} instance(s).`,
  StartTime: BEGAN,
});

describe('the progress of a shift', () => {
  test('is none while nothing is being updated', () => {
    expect(shiftProgress({ EndpointStatus: 'InService' }, BEGAN)).toBeUndefined();
  });

  test.each([
    ['a canary that is watched', baking('canary capacity of 1'), 1, 33],
    ['two of three instances', baking('linear capacity of 2'), 2, 67],
    ['the whole fleet that is watched', baking('full capacity of 3'), 3, 100],
    ['more instances than were asked for', baking('canary capacity of 5'), 5, 100],
    ['a watch without a capacity', { Status: 'Baking', StatusMessage: 'Baking', StartTime: BEGAN }, 1, 33],
    ['instances that start', { Status: 'Creating', StatusMessage: 'Launching 3 instance(s).' }, 0, 0],
    [
      'traffic that is being turned on',
      { Status: 'ActivatingTraffic', StatusMessage: 'Activating traffic on canary capacity of 1 instance(s).' },
      1,
      33,
    ],
    [
      'capacity that is added between steps',
      { Status: 'Updating', StatusMessage: 'Launching 2 instance(s).' },
      1,
      null,
    ],
    ['no status at all', undefined, 1, null],
  ] as const)('reads the share of %s', (_, status, current, percent) => {
    expect(shiftProgress(updating(status, current), BEGAN)?.percent).toBe(percent);
  });

  test.each([
    [0, 600],
    [599.5, 1],
    [600, 0],
    [900, 0],
  ])('after %d seconds of a watch of 600, %d are left', (elapsed, left) => {
    expect(shiftProgress(updating(baking('canary capacity of 1')), at(elapsed))?.secondsLeft).toBe(left);
  });

  test('has no time left to tell where nothing is watched', () => {
    const status = { Status: 'Creating', StatusMessage: 'Waiting for 60 seconds', StartTime: BEGAN };
    expect(shiftProgress(updating(status), BEGAN)?.secondsLeft).toBeNull();
    expect(shiftProgress(updating({ ...baking('full capacity of 3'), StartTime: undefined }), BEGAN)).toMatchObject({
      secondsLeft: null,
    });
  });

  test('says that the endpoint goes back', () => {
    const endpoint = { ...updating(baking('canary capacity of 1')), EndpointStatus: 'RollingBack' };
    expect(shiftProgress(endpoint, BEGAN)).toMatchObject({ stage: 'RollingBack', endpointConfig: 'config-2' });
  });

  test('survives a variant that is not there yet', () => {
    const endpoint = { EndpointStatus: 'Updating', PendingDeploymentSummary: { EndpointConfigName: 'config-2' } };
    expect(shiftProgress(endpoint, BEGAN)).toEqual({
      stage: null,
      percent: null,
      endpointConfig: 'config-2',
      startedAt: null,
      secondsLeft: null,
    });
  });

  test('reads as a line', () => {
    const line = (endpoint: EndpointDescription, now: Date) => {
      const progress = shiftProgress(endpoint, now);
      return progress && describeShift(progress);
    };
    expect(line(updating(baking('canary capacity of 1')), at(348))).toBe(
      'Baking, 33 % of the traffic on the new fleet, 4:12 left',
    );
    expect(line(updating(undefined), BEGAN)).toBe('changing');
  });
});
