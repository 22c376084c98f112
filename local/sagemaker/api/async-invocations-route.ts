import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServiceError } from '../service-error';
import type { AcceptedInvocation, AsyncInvocation } from './async-invocation';

const PREFIX = 'x-amzn-sagemaker-';

/**
 * The route of InvokeEndpointAsync: everything is in the headers, the input is in S3.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpointAsync.html
 */
export function asyncInvocationsRoute(
  app: FastifyInstance,
  invoke: (invocation: AsyncInvocation) => AcceptedInvocation,
): void {
  app.post<{ Params: { name: string } }>('/endpoints/:name/async-invocations', async (request, reply) => {
    const inputLocation = one(request, 'inputlocation');
    if (inputLocation === undefined) throw invalid('InputLocation is missing; give s3://bucket/key');
    const { inferenceId, outputLocation, failureLocation } = invoke({
      endpointName: request.params.name,
      inputLocation,
      contentType: one(request, 'content-type'),
      accept: one(request, 'accept'),
      customAttributes: one(request, 'custom-attributes'),
      inferenceId: one(request, 'inference-id'),
      requestTtlSeconds: number(request, 'requestttlseconds'),
      invocationTimeoutSeconds: number(request, 'invocationtimeoutseconds'),
      outputPathExtension: one(request, 's3outputpathextension'),
      filename: one(request, 'filename'),
    });
    reply.code(202).type('application/json');
    if (outputLocation !== undefined) reply.header(`${PREFIX}outputlocation`, outputLocation);
    if (failureLocation !== undefined) reply.header(`${PREFIX}failurelocation`, failureLocation);
    return reply.send(Buffer.from(JSON.stringify({ InferenceId: inferenceId })));
  });
}

function one(request: FastifyRequest, header: string): string | undefined {
  const value = request.headers[PREFIX + header];
  return Array.isArray(value) ? value.join(', ') : value;
}

function number(request: FastifyRequest, header: string): number | undefined {
  const value = one(request, header);
  return value === undefined ? undefined : Number(value);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}
