import type { Evaluation } from '../../../core/evaluation';
import { COLOURS, drawChart } from './chart';

/** Each metric as a dot with its interval, beside what the baseline gets. */
export function metricsChart({ metrics, baseline }: Evaluation): string {
  const rows = Object.entries(metrics).toReversed();
  const names = rows.map(([name]) => name.replaceAll('_', ' '));
  return drawChart(
    {
      grid: { left: 118, right: 24, top: 28, bottom: 24 },
      legend: { top: 0, data: ['model', 'baseline'], itemWidth: 10, itemHeight: 10 },
      xAxis: { type: 'value', min: 0, max: 1, splitLine: { lineStyle: { color: COLOURS.line } } },
      yAxis: {
        type: 'category',
        data: names,
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { width: 84, overflow: 'break', interval: 0 },
      },
      series: [
        {
          name: 'interval',
          type: 'custom',
          silent: true,
          encode: { x: [0, 1], y: 2 },
          data: rows.map(([, { low, high }], index) => [low, high, index]),
          renderItem: (_, api) => {
            const [x1, y] = api.coord([api.value(0), api.value(2)]) as [number, number];
            const [x2] = api.coord([api.value(1), api.value(2)]) as [number];
            return {
              type: 'line',
              shape: { x1, y1: y, x2, y2: y },
              style: { stroke: COLOURS.main, lineWidth: 4, opacity: 0.45 },
            };
          },
        },
        {
          name: 'baseline',
          type: 'scatter',
          symbol: 'diamond',
          symbolSize: 9,
          itemStyle: { color: COLOURS.other },
          data: rows.map(([name], index) => [baseline.metrics[name] ?? '-', index]),
        },
        {
          name: 'model',
          type: 'scatter',
          symbolSize: 9,
          itemStyle: { color: COLOURS.main },
          data: rows.map(([, { value }], index) => [value, index]),
        },
      ],
    },
    60 + 26 * rows.length,
  );
}
