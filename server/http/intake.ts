import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Ticket } from './admission';
import type { ModelAppProps } from './model-app';
import { onGone } from './on-gone';
import { busy, receiveBody, refuseHead } from './receive-body';

/** How a request with a body comes in, whoever answers it. */
export class Intake {
  constructor(private readonly props: Pick<ModelAppProps, 'settings' | 'metrics' | 'admission' | 'drain'>) {}

  /**
   * Counts a request until its answer is gone, also to a client that went away.
   * @throws HttpError 429 while there is too much to do, 415 or 413 for what its headers say
   */
  enter(headers: IncomingHttpHeaders, response: ServerResponse): Ticket {
    const { settings, metrics, admission, drain } = this.props;
    drain.begin();
    const ticket = admission.enter();
    onGone(response, () => {
      drain.end();
      if (typeof ticket !== 'string') ticket.leave();
    });
    if (typeof ticket === 'string') {
      metrics.countRefusal(ticket);
      throw busy(`there is too much to do (${ticket})`);
    }
    refuseHead(headers, settings.largestBody);
    return ticket;
  }

  /** @throws as {@link receiveBody} */
  async receive(stream: Readable, ticket: Ticket | undefined): Promise<Buffer> {
    const { settings, metrics } = this.props;
    const start = performance.now();
    const hold = (bytes: number) => {
      const isHeld = ticket?.hold(bytes) ?? true;
      if (!isHeld) metrics.countRefusal('bytes');
      return isHeld;
    };
    const body = await receiveBody(stream, settings.largestBody, { hold });
    metrics.observeStage('receive', (performance.now() - start) / 1000);
    return body;
  }
}
