import type { EventPublisher } from '../context';

export type OutgoingEvent = Parameters<EventPublisher['publish']>[0];

/**
 * Attempts to deliver all or none of them, in order, until it is told to stop. Never rejects. `refused` means that they
 * would be refused again.
 */
export type EventTransport = (
  events: readonly OutgoingEvent[],
  stop: AbortSignal,
) => Promise<'delivered' | 'refused' | { readonly reason: string }>;

/** Longest wait for the emulator's answer, in milliseconds. */
const TIMEOUT = 10_000;

/**
 * Hands events to the local AWS by the launcher's own route: PutEvents refuses sources that begin `aws.`.
 * @param awsEndpoint `http://localhost:PORT` of the emulator
 */
export function localEventTransport(awsEndpoint: string): EventTransport {
  return async (events, stop) => {
    try {
      const response = await fetch(new URL('/_mlops/events', awsEndpoint), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(events.map(entry)),
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT), stop]),
      });
      if (response.ok) return 'delivered';
      const reason = `HTTP ${response.status} ${(await response.text()).slice(0, 300)}`;
      return response.status === 400 ? 'refused' : { reason };
    } catch (error) {
      const { message, cause } = error as Error;
      return { reason: cause instanceof Error ? cause.message : message };
    }
  };
}

function entry({ 'detail-type': DetailType, detail: Detail, resources: Resources }: OutgoingEvent) {
  return { Source: 'aws.sagemaker', DetailType, Detail, Resources };
}
