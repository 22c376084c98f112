import { InvalidInputError } from '../../../core/invalid-input-error';
import type { Json, JsonObject } from '../../../core/json';
import type { Operations } from '../operation';
import { ServiceError } from '../service-error';
import { parseRequest } from './parse-request';
import { limitViolations } from './request-limits';
import { serialiseResponse } from './serialise-response';
import type { ServiceModel } from './service-model';

/** Answers the actions of one service: checks the request, runs the operation, shapes the answer. */
export class Dispatcher {
  /**
   * @param operations what is implemented here; read at every call, so that modules which call each other may be
   *   added one after the other
   */
  constructor(
    readonly model: ServiceModel,
    private readonly operations: () => Operations,
    private readonly log: (message: string) => void,
  ) {}

  /**
   * Answers a request in the form of the wire.
   * @throws ServiceError
   */
  async answer(action: string, json: Json): Promise<JsonObject> {
    const output = await this.call(action, json);
    return serialiseResponse(this.known(action).output, output, (flaw) => this.log(`${action}: response${flaw}`));
  }

  /**
   * Answers a call from within this process: times are ISO strings in both directions.
   * @throws ServiceError
   */
  async call(action: string, json: Json): Promise<JsonObject> {
    const { input } = this.known(action);
    const operations = this.operations();
    const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
    if (!operation)
      throw new ServiceError(
        'UnknownOperationException',
        `${action}: the local ${this.model.title} doesn't implement it; use an account for this action`,
      );
    try {
      return await operation(
        parseRequest(input, json, (request) => limitViolations(this.model.targetPrefix, action, input, request)),
      );
    } catch (error) {
      if (error instanceof InvalidInputError) throw new ServiceError('ValidationException', error.message);
      throw error;
    }
  }

  private known(action: string) {
    const known = this.model.action(action);
    if (!known)
      throw new ServiceError(
        'UnknownOperationException',
        `${action}: ${this.model.title} has no such action in the SDK that we are built with`,
      );
    return known;
  }
}
