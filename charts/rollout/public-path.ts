/** What the outside reaches of a model's server: predictions, and neither its metrics nor its probes. */
export const PUBLIC_PATH = '/invocations';
