import type { Connect } from './connect';

/** The SDK's clients take a while to load: only once a command needs them. */
export const connectByDefault: Connect = async (chosen, surroundings) => {
  const { connect } = await import('./connect');
  return connect(chosen, surroundings);
};
