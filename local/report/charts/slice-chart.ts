import type { Evaluation } from '../../../core/evaluation';
import { COLOURS, drawChart } from './chart';

/** ROC-AUC by value of one column, the largest slices first, with a line at the whole. */
export function sliceChart(evaluation: Evaluation, column: string): string {
  const slices = Object.entries(evaluation.slices[column] ?? {})
    .toSorted(([, a], [, b]) => a.rows - b.rows)
    .filter(([, { roc_auc }]) => roc_auc !== null);
  const whole = evaluation.metrics.roc_auc?.value;
  return drawChart(
    {
      grid: { left: 96, right: 40, top: 12, bottom: 24 },
      xAxis: {
        type: 'value',
        min: Math.min(0.5, ...slices.map(([, { roc_auc }]) => roc_auc ?? 0.5)),
        max: 1,
        splitLine: { lineStyle: { color: COLOURS.line } },
      },
      yAxis: {
        type: 'category',
        data: slices.map(([value, { rows }]) => `${value} (${rows})`),
        axisTick: { show: false },
        axisLine: { show: false },
      },
      series: [
        {
          type: 'scatter',
          symbolSize: 9,
          data: slices.map(([, { roc_auc }], index) => [roc_auc ?? '-', index]),
          itemStyle: { color: COLOURS.main },
          label: { show: true, position: 'right', formatter: ({ value }) => Number((value as number[])[0]).toFixed(2) },
          ...(whole !== undefined && {
            markLine: {
              silent: true,
              symbol: 'none',
              label: { show: false },
              lineStyle: { color: COLOURS.bad },
              data: [{ xAxis: whole }],
            },
          }),
        },
      ],
    },
    48 + 24 * slices.length,
  );
}
