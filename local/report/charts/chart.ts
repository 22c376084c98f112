import { type EChartsOption, init } from 'echarts';

/** Charts are drawn as wide as a phone, so that their text is readable on one; larger screens show them side by side. */
export const WIDTH = 360;

export const COLOURS = {
  main: '#2f6fb0',
  other: '#b9c3cf',
  good: '#2e8b57',
  bad: '#c0392b',
  text: '#38424d',
  line: '#d9dee4',
};

/** Renders to an SVG element that scales with its column. */
export function drawChart(option: EChartsOption, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: COLOURS.text },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  // Its style element only holds hover effects, in a CDATA section that an HTML page has no use for.
  return svg
    .replaceAll(/<style[^>]*>.*?<\/style>/gs, '')
    .replace('<svg width="360"', '<svg role="img" width="100%"')
    .replace(/ height="\d+"/, '');
}
