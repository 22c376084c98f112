import type { EChartsOption } from 'echarts';
import type { DeploymentEntry } from '../../sagemaker/endpoint/deployment-history';
import { COLOURS, drawChart } from './chart';

/** Bounds of the guards, and the clock that they are judged by. */
export interface ShiftChartProps {
  readonly deployment: DeploymentEntry;
  /** How many times faster than the machine's the endpoint's clock goes. */
  readonly speed: number;
}

type Points = readonly (readonly [minute: number, value: number | null])[];

/** Share of the traffic on the new version over time. */
export function trafficChart(props: ShiftChartProps): string {
  const { deployment } = props;
  const minute = clockOf(props);
  const points: Points = [
    ...deployment.events.map(({ time, greenPercent }) => [minute(time), greenPercent] as const),
    ...(deployment.endTime === undefined ? [[endOf(props), deployment.events.at(-1)?.greenPercent ?? 0] as const] : []),
  ];
  return drawChart(
    {
      ...axes(props, { max: 100, name: '% on the new version' }),
      series: [
        {
          type: 'line',
          step: 'end',
          symbol: 'none',
          data: points.map((point) => [...point]),
          lineStyle: { color: COLOURS.main, width: 2 },
          areaStyle: { color: COLOURS.main, opacity: 0.2 },
          ...rollbackLine(props),
        },
      ],
    },
    200,
  );
}

/** Share of the requests of a minute that failed, both versions together, as the guard sees it. */
export function errorChart(props: ShiftChartProps & { readonly threshold: number | null }): string {
  const minute = clockOf(props);
  const points: Points = props.deployment.series.map(({ time, blue, green }) => {
    const requests = blue.requests + green.requests;
    return [minute(time), requests === 0 ? null : (100 * (blue.errors + green.errors)) / requests];
  });
  return guardChart(props, 'errors in %', [{ name: 'both versions', colour: COLOURS.text, points }]);
}

/** The 99th percentile of the model's latency, version by version. */
export function latencyChart(props: ShiftChartProps & { readonly threshold: number | null }): string {
  const minute = clockOf(props);
  const of = (colour: 'blue' | 'green'): Points =>
    props.deployment.series.map((sample) => [minute(sample.time), sample[colour].p99Ms]);
  return guardChart(props, 'p99 in ms', [
    { name: 'old version', colour: COLOURS.other, points: of('blue') },
    { name: 'new version', colour: COLOURS.main, points: of('green') },
  ]);
}

/** More would run into each other. */
const MOST_DOTS = 20;

/** To the next of 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((step) => step * power >= value) ?? 10) * power;
}

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly points: Points;
}

function guardChart(
  props: ShiftChartProps & { readonly threshold: number | null },
  name: string,
  lines: readonly Line[],
): string {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0));
  const max = roundUp(1.2 * Math.max(props.threshold ?? 1, ...values));
  return drawChart(
    {
      ...axes(props, { max, name }),
      legend: { top: 0, right: 8, itemWidth: 14, itemHeight: 6, itemGap: 16, data: lines.map((line) => line.name) },
      series: lines.map(({ name: line, colour, points }, index) => ({
        name: line,
        type: 'line' as const,
        symbolSize: 4,
        showSymbol: points.length <= MOST_DOTS,
        data: points.map((point) => [...point]),
        itemStyle: { color: colour },
        lineStyle: { color: colour, width: 2 },
        // Once, whichever line it is drawn with.
        ...(index === 0 && rollbackLine(props, props.threshold)),
      })),
    },
    200,
  );
}

function axes(props: ShiftChartProps, y: { readonly max: number; readonly name: string }): EChartsOption {
  const splitLine = { lineStyle: { color: COLOURS.line } };
  return {
    grid: { left: 52, right: 16, top: 28, bottom: 40 },
    xAxis: {
      type: 'value',
      min: 0,
      max: Math.max(1, Math.ceil(endOf(props))),
      minInterval: 1,
      name: 'minutes of the rollout',
      nameLocation: 'middle',
      nameGap: 24,
      splitLine: { show: false },
    },
    yAxis: { type: 'value', min: 0, max: y.max, name: y.name, nameLocation: 'middle', nameGap: 38, splitLine },
  };
}

/** The moment at which the traffic went back, and the bound of the guard. */
function rollbackLine({ deployment, speed }: ShiftChartProps, threshold: number | null = null) {
  const back = deployment.events.find(({ stage }) => stage === 'RollingBack');
  const minute = clockOf({ deployment, speed });
  const data = [
    ...(threshold === null ? [] : [{ yAxis: threshold, name: 'guard' }]),
    ...(back ? [{ xAxis: minute(back.time), name: 'rollback' }] : []),
  ];
  if (data.length === 0) return {};
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      label: { formatter: '{b}', color: COLOURS.bad, position: 'insideEndTop' as const },
      lineStyle: { color: COLOURS.bad, type: 'dashed' as const },
      data,
    },
  };
}

function clockOf({ deployment, speed }: ShiftChartProps): (time: string) => number {
  const began = Date.parse(deployment.startTime);
  return (time) => Number(Math.max(0, ((Date.parse(time) - began) / 60_000) * speed).toFixed(2));
}

function endOf(props: ShiftChartProps): number {
  const { endTime, events, series } = props.deployment;
  return clockOf(props)(endTime ?? series.at(-1)?.time ?? events.at(-1)?.time ?? props.deployment.startTime);
}
