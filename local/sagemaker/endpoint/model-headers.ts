import type { IncomingHttpHeaders } from 'node:http';
import type { Invocation } from '../api/invocation';

/** Goes to the model server and comes back from it. */
export const CUSTOM_ATTRIBUTES = 'x-amzn-sagemaker-custom-attributes';

/** As much of a request's headers as a model server gets. */
export function requestHeaders({
  contentType,
  accept,
  customAttributes,
}: Pick<Invocation, 'contentType' | 'accept' | 'customAttributes'>): Record<string, string> {
  return {
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(accept !== undefined && { accept }),
    ...(customAttributes !== undefined && { [CUSTOM_ATTRIBUTES]: customAttributes }),
  };
}

/** A header as one text. */
export function one(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
