import type { ServerHttp2Stream } from 'node:http2';
import { ServerInterceptingCall, type ServerInterceptingCallInterface, type ServerInterceptor } from '@grpc/grpc-js';
import { HttpError } from '../http/http-error';
import type { ModelAppProps } from '../http/model-app';
import { Patience } from '../http/patience';
import { busy } from '../http/receive-body';
import { type CallStatusProps, callStatus } from './call-status';
import type { Received } from './inference-service';

export interface CallIntakeProps extends Pick<ModelAppProps, 'admission' | 'drain'>, CallStatusProps {}

/** Names and versions are all that a call holds which isn't a prediction. */
const LARGEST_QUESTION = 64 * 1024;

/** What a piece of a message takes beside its bytes: a client may send them one by one. */
const PIECE_BYTES = 256;

/** Room for what a call sends. */
interface Place {
  /** @throws HttpError if there is no more */
  hold(bytes: number): void;
  leave(): void;
}

/**
 * Lets calls in as requests over REST: by their headers, and their bytes as they arrive. The library hands over whole
 * messages only; those that are never ended would fill the memory without a place.
 */
export function callIntake(props: CallIntakeProps): ServerInterceptor {
  const { requestSeconds } = props.settings;
  const arriving = new Patience(requestSeconds * 1000);
  return ({ path }, call) => {
    const begun = performance.now();
    const stream = streamOf(call);
    let place: Place | undefined;
    let received = 0;
    let isWhole = false;
    let isEnding = false;

    const leave = () => {
      place?.leave();
      place = undefined;
    };
    /** The library keeps what it has of a message for as long as its stream is open, which some clients would leave so. */
    const end = () => {
      isEnding = true;
      arriving.end(late);
      if (isWhole || stream === undefined) leave();
      else stream.close();
    };
    const refuse = (error: unknown) => {
      call.sendStatus(callStatus(props, error, { path, begun }));
      end();
    };
    const late = {
      destroy: () => {
        const problem = `must arrive within ${requestSeconds} s, got a part of it`;
        refuse(new HttpError(408, 'request', problem, 'send it faster'));
      },
    };
    const hold = (bytes: number, go = () => {}) => {
      try {
        place?.hold(bytes);
      } catch (error) {
        return refuse(error);
      }
      return go();
    };
    stream?.prependListener('data', ({ length }: Buffer) => {
      received += length;
      if (!isEnding) hold(length + PIECE_BYTES);
    });
    stream?.once('close', () => {
      arriving.end(late);
      if (!isWhole) leave();
    });
    return new ServerInterceptingCall(call, {
      start: (next) => {
        try {
          place = path.endsWith('/ModelInfer') ? placeOf(props) : smallPlace();
        } catch (error) {
          return refuse(error);
        }
        arriving.begin(late);
        return next({
          // More than arrived if it was compressed.
          onReceiveMessage: (message: Received<unknown>, go) =>
            hold(Math.max(0, message.bytes - received), () => go(message)),
          onReceiveHalfClose: (go) => {
            isWhole = true;
            arriving.end(late);
            go();
          },
          // A prediction that has begun takes its place until it ends, whoever waits for it.
          onCancel: () => {
            if (!isWhole) end();
          },
        });
      },
      sendMessage: (message: unknown, next) => {
        next(message);
        end();
      },
      sendStatus: (status, next) => {
        next(status);
        end();
      },
    });
  };
}

/** @throws HttpError 503 or 429 */
function placeOf({ admission, drain, metrics }: CallIntakeProps): Place {
  if (drain.over) throw new HttpError(503, 'server', 'is ending, got one more request', 'ask another');
  const ticket = admission.enter();
  if (typeof ticket === 'string') {
    metrics.countRefusal(ticket);
    throw busy(`there is too much to do (${ticket})`);
  }
  drain.begin();
  return {
    hold: (bytes) => {
      if (ticket.hold(bytes)) return;
      metrics.countRefusal('bytes');
      throw busy('the server holds as many bytes of requests as it may');
    },
    leave: () => {
      ticket.leave();
      drain.end();
    },
  };
}

function smallPlace(): Place {
  let left = LARGEST_QUESTION;
  return {
    hold: (bytes) => {
      left -= bytes;
      if (left < 0) throw new HttpError(413, 'request', 'must be at most 64 KB, got more', 'send names only');
    },
    leave: () => {},
  };
}

/** Which the library has no other way to. Without it whole messages are counted still. */
function streamOf(call: ServerInterceptingCallInterface): ServerHttp2Stream | undefined {
  return (call as { readonly stream?: ServerHttp2Stream }).stream;
}
