import { writeEnvironments } from '../charts/write-environments';
import type { WriteCharts } from '../cli/charts/write-charts';

/** The one place that knows both cdk8s and what commands ask for. */
export const writeCharts: WriteCharts = async (out, only) => {
  // Imported here, so that a mistake in them is told like any other.
  const { environments } = await import('../config/environments');
  const { models } = await import('../config/models');
  return writeEnvironments(out, environments, models, only);
};
