import type { Evaluation } from '../../../core/evaluation';
import { COLOURS, drawChart } from './chart';

/** Observed rate against predicted probability, in bins of equal count; a calibrated model lies on the diagonal. */
export function calibrationChart({ calibration }: Evaluation): string {
  const axis = { type: 'value', min: 0, max: 1, splitLine: { lineStyle: { color: COLOURS.line } } } as const;
  return drawChart(
    {
      grid: { left: 48, right: 20, top: 16, bottom: 44 },
      xAxis: { ...axis, name: 'predicted probability', nameLocation: 'middle', nameGap: 26 },
      yAxis: { ...axis, name: 'observed rate', nameLocation: 'middle', nameGap: 32 },
      series: [
        {
          type: 'line',
          silent: true,
          symbol: 'none',
          data: [
            [0, 0],
            [1, 1],
          ],
          lineStyle: { color: COLOURS.other, type: 'dashed' },
        },
        {
          type: 'line',
          data: calibration.map(({ predicted, observed }) => [predicted, observed]),
          symbolSize: 8,
          itemStyle: { color: COLOURS.main },
          lineStyle: { color: COLOURS.main },
        },
      ],
    },
    320,
  );
}
