import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { graphOf } from '../../local/report/graph-of';
import { renderPage } from '../../local/report/page';
import { exampleReleases } from '../unit/local/report/example-releases';
import { exampleSummary } from '../unit/local/report/example-summary';

const SHOTS = resolve(__dirname, '../../.mlops/test');
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

describe('the report page in a browser', () => {
  let browser: Browser;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    folder = mkdtempSync(join(tmpdir(), 'mlops-report-'));
    const file = join(folder, 'index.html');
    const steps = exampleSummary.steps.map(({ name, type }, index, all) => ({
      Name: name,
      Type: type,
      DependsOn: all.slice(Math.max(0, index - 1), index).map((step) => step.name),
    }));
    writeFileSync(file, renderPage(exampleSummary, graphOf({ Steps: steps }), exampleReleases));
    url = pathToFileURL(file).href;
    mkdirSync(SHOTS, { recursive: true });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (width: number): Promise<{ page: Page; complaints: string[] }> => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (request.url() !== url) complaints.push(`fetched ${request.url()}`);
    });
    await page.goto(url);
    return { page, complaints };
  };

  test.each([
    ['a phone', 390],
    ['a laptop', 1280],
  ])('fits %s without scrolling sideways, complains of nothing and fetches nothing', async (name, width) => {
    const { page, complaints } = await open(width);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    await page.screenshot({ path: join(SHOTS, `report-${name.replace('a ', '')}.png`), fullPage: true });
    expect({ overflow, complaints }).toEqual({ overflow: 0, complaints: [] });
    await page.close();
  });

  test('shows its charts large enough to read on a phone', async () => {
    const { page } = await open(390);
    const heights = await page.$$eval<number[], SVGTextElement>('[role=figure] svg text', (texts) =>
      texts.map((text) => text.getBoundingClientRect().height),
    );
    expect(heights.length).toBeGreaterThan(20);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(9);
    await page.close();
  });
});
