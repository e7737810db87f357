import { resolve } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { Job } from '../src/shared/jobs';
import { sampleJob, sampleState } from '../test/helpers/samples';
import { ok, type ScriptedHost, startScriptedHost } from '../test/renderer/scripted-host';
import { startEmptyPage } from './empty-page';
import { launchBenchBrowser } from './launch-browser';
import { percentile } from './percentile';
import type { Row } from './report';

const JOBS = 10_000;
const ENDED = 100;
/** Frames that a scroll takes, and pixels that it goes on in each: some seven hundred rows a second. */
const FRAMES = 240;
const STEP = 330;
/** Times that each page is loaded; medians count. */
const RUNS = 3;
/** Milliseconds of a frame at 60 a second. */
const FRAME_MS = 1_000 / 60;

/** What a scroll cost. Milliseconds; busy is the main thread's time for each frame, from a trace. */
interface Scroll {
  readonly median: number;
  readonly p95: number;
  readonly busy: number;
  readonly longest: number;
}

/** Ten thousand jobs, none, and a page with nothing at all. */
type Kind = 'full' | 'empty' | 'blank';

interface Opened {
  /** Milliseconds from the navigation until the first text or picture is drawn. */
  readonly paint: number;
  /** Milliseconds from the navigation until what is to be seen is drawn and the page has nothing left to do. */
  readonly interactive: number;
  /** Bytes of JavaScript's heap after a collection. */
  readonly heap: number;
}

/** The queue with ten thousand jobs in a real browser, against an empty page and an empty queue in the same run. */
export async function benchQueueList(): Promise<Row[]> {
  const browser = await launchBenchBrowser();
  const emptyPage = await startEmptyPage(JOBS * 28);
  const [full, empty] = [await startHost(manyJobs()), await startHost([])];
  try {
    const opened: Record<Kind, Opened[]> = { full: [], empty: [], blank: [] };
    const scrolls: { full: Scroll[]; empty: Scroll[] } = { full: [], empty: [] };
    let ends: number[] = [];
    // The first of each warms the browser up.
    for (let run = 0; run <= RUNS; run++) {
      const none = await openPage(browser, addressOf(empty), '.queue-empty');
      await none.page.close();
      const many = await openPage(browser, addressOf(full), '[data-job] .job-select');
      const blank = await openPage(browser, emptyPage.url, '.empty-line');
      const emptyScroll = await scroll(browser, blank.page, 'body > div');
      await blank.page.close();
      const fullScroll = await scroll(browser, many.page, '.queue-list');
      const end = await endJobs(many.page, full);
      await many.page.close();
      if (run === 0) continue;
      opened.full.push(many.opened);
      opened.empty.push(none.opened);
      opened.blank.push(blank.opened);
      scrolls.full.push(fullScroll);
      scrolls.empty.push(emptyScroll);
      ends = [...ends, end];
    }
    return rowsOf(opened, scrolls, percentile(ends, 0.5));
  } finally {
    await browser.close();
    await full.close();
    await empty.close();
    await emptyPage.close();
  }
}

function rowsOf(
  opened: Record<Kind, readonly Opened[]>,
  scrolls: Record<'full' | 'empty', readonly Scroll[]>,
  ends: number,
): Row[] {
  const middle = <T>(list: readonly T[], pick: (one: T) => number): number => percentile(list.map(pick), 0.5);
  const compare = <T>(of: Record<'full' | 'empty', readonly T[]>, pick: (one: T) => number) => {
    const [many, none] = [middle(of.full, pick), middle(of.empty, pick)];
    return { many, none, ratio: `×${(many / none).toFixed(2)}` };
  };
  const row = (
    what: string,
    goal: string,
    value: ReturnType<typeof compare>,
    unit: (value: number) => string,
  ): Row => ({
    what,
    value: value.ratio,
    goal,
    detail: `${unit(value.many)} against ${unit(value.none)}`,
  });
  const ms = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
  const count = JOBS.toLocaleString('en');
  return [
    row(
      `scrolling ${count} jobs: median frame, against an empty page`,
      '×1.0',
      compare(scrolls, (one) => one.median),
      ms,
    ),
    row(
      `scrolling ${count} jobs: 95th percentile frame`,
      '',
      compare(scrolls, (one) => one.p95),
      ms,
    ),
    {
      what: `scrolling ${count} jobs: main thread for each frame`,
      value: `${((middle(scrolls.full, (one) => one.busy) / FRAME_MS) * 100).toFixed(0)} %`,
      goal: 'under 100 % of 1/60 s',
      detail: `${ms(middle(scrolls.full, (one) => one.busy))}, longest task ${ms(middle(scrolls.full, (one) => one.longest))}; empty page ${ms(middle(scrolls.empty, (one) => one.busy))}`,
    },
    ...(
      [
        ['until the first paint', (one) => one.paint, ms],
        ['until interactive', (one) => one.interactive, ms],
        ['memory', (one) => one.heap, (bytes) => `${(bytes / 1e6).toFixed(1)} MB`],
      ] as const satisfies readonly (readonly [string, (one: Opened) => number, (value: number) => string])[]
    ).map(([what, pick, unit]): Row => {
      const [many, none, blank] = [middle(opened.full, pick), middle(opened.empty, pick), middle(opened.blank, pick)];
      return {
        what: `opening ${count} jobs: ${what}, against an empty page`,
        value: `×${(many / blank).toFixed(1)}`,
        goal: '',
        detail: `${unit(many)} against ${unit(blank)}; ×${(many / none).toFixed(2)} of an empty queue’s ${unit(none)}`,
      };
    }),
    { what: `${ENDED} jobs that end at once until drawn`, value: ms(ends), goal: '' },
  ];
}

function manyJobs(): Job[] {
  return Array.from({ length: JOBS }, (_, index) =>
    sampleJob({
      id: index + 1,
      name: `shot ${index + 1}`,
      state: index === 0 ? 'rendering' : 'queued',
      position: index,
      priority: index % 1_000 === 0 ? 1 : 0,
      secondsLeft: index * 10,
      lastFrame: index % 2 === 0 ? 1 : null,
    }),
  );
}

async function startHost(jobs: Job[]): Promise<ScriptedHost> {
  const host = await startScriptedHost(resolve(import.meta.dirname, '../out/renderer'), sampleState({ jobs }));
  host.answers['job.frames'] = () => ok([]);
  return host;
}

const addressOf = (host: ScriptedHost): string => `${host.url}/#token=${host.token}`;

/** @param drawn a selector of what is to be seen */
async function openPage(browser: Browser, url: string, drawn: string): Promise<{ page: Page; opened: Opened }> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url, { waitUntil: 'commit' });
  const interactive = await page.evaluate(
    (selector) =>
      new Promise<number>((done) => {
        const look = (): void => {
          if (document.querySelector(selector)) requestIdleCallback(() => done(performance.now()));
          else requestAnimationFrame(look);
        };
        look();
      }),
    drawn,
  );
  const tools = await page.context().newCDPSession(page);
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
  );
  const heap = await heapOf(tools);
  await tools.detach();
  return { page, opened: { paint, interactive, heap } };
}

async function heapOf(tools: CDPSession): Promise<number> {
  await tools.send('HeapProfiler.collectGarbage');
  return (await tools.send('Runtime.getHeapUsage')).usedSize;
}

async function scroll(browser: Browser, page: Page, selector: string): Promise<Scroll> {
  await browser.startTracing(page, {
    categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'],
  });
  const frames = await page.evaluate(
    ({ box, count, step }) =>
      new Promise<number[]>((done) => {
        const element = document.querySelector(box)!;
        const times: number[] = [];
        // To read where it is would lay the page out once more.
        let top = 0;
        const next = (time: number): void => {
          times.push(time);
          element.scrollTop = top += step;
          if (times.length <= count) requestAnimationFrame(next);
          else done(times.slice(1).map((one, index) => one - times[index]!));
        };
        requestAnimationFrame(next);
      }),
    { box: selector, count: FRAMES, step: STEP },
  );
  const tasks = mainThreadTasks(JSON.parse((await browser.stopTracing()).toString()) as Trace);
  return {
    median: percentile(frames, 0.5),
    p95: percentile(frames, 0.95),
    busy: tasks.reduce((sum, task) => sum + task, 0) / FRAMES,
    longest: Math.max(...tasks),
  };
}

/** Chrome's trace event format; durations are microseconds. */
interface Trace {
  readonly traceEvents: readonly {
    readonly name: string;
    readonly ph: string;
    readonly pid: number;
    readonly tid: number;
    /** What the thread itself worked: what others do on the machine does not count. */
    readonly tdur?: number;
  }[];
}

/** Milliseconds of each task of the page's main thread: the one that drew the frames. */
function mainThreadTasks({ traceEvents }: Trace): number[] {
  const frames = new Map<string, number>();
  const threadOf = (event: { pid: number; tid: number }): string => `${event.pid}/${event.tid}`;
  for (const event of traceEvents)
    if (event.name === 'FireAnimationFrame') frames.set(threadOf(event), (frames.get(threadOf(event)) ?? 0) + 1);
  const [main] = [...frames].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return traceEvents
    .filter((event) => event.name === 'RunTask' && event.ph === 'X' && threadOf(event) === main)
    .map(({ tdur = 0 }) => tdur / 1_000);
}

/** Ends jobs at the list's head as fast as a host can tell. @returns milliseconds until all of it is drawn */
async function endJobs(page: Page, host: ScriptedHost): Promise<number> {
  await page.evaluate(() => (document.querySelector('.queue-list')!.scrollTop = 0));
  const drawn = page.evaluate(
    (count) =>
      new Promise<number>((done) => {
        let begun = 0;
        const look = (): void => {
          const chip = document.querySelector('.chip.job-failed .chip-count')?.textContent;
          if (chip && begun === 0) begun = performance.now();
          if (chip === String(count)) requestIdleCallback(() => done(performance.now() - begun));
          else requestAnimationFrame(look);
        };
        look();
      }),
    ENDED,
  );
  for (const job of host.state.jobs.slice(0, ENDED))
    host.tell({ type: 'job', job: { ...job, state: 'failed', finishedAt: job.id, reason: `frame ${job.id} failed` } });
  return drawn;
}
