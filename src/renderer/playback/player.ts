import type { ImageFormat } from '../../shared/image-format';
import {
  addShown,
  drawn,
  indexAfter,
  isBehind,
  NO_TALLY,
  rateShown,
  stepsAt,
  stepsTo,
  stepsToDecode,
  strideOf,
  thinningOf,
  type PlayClock,
  type PlayTally,
  type ShownRate,
} from '../model/playback';
import type { TimelineCells } from '../model/timeline-cells';
import type { Decoder } from './decoder';
import type { PlayReport } from './play-report';
import { createPictureRing } from './picture-ring';
import { proxySize } from './proxy-size';
import type { PictureFeed, PlayedPicture } from './played-pictures';

/** Bytes of decoded pictures that are held: a second and a quarter of 1080p, or five seconds of half its size. */
export const RING_BYTES = 256 * 1024 ** 2;
/** Pictures asked for at a time: one on its way, one being decoded, one waiting for its turn. */
const AT_ONCE = 3;
/** Pictures that are there before playback starts, and milliseconds after which it starts with fewer. */
const START_WITH = 4;
const START_AFTER = 300;
/** Steps that are looked ahead at most. */
const MOST_AHEAD = 600;
/** Milliseconds between two animation frames after which the window was out of sight: playback had stood still. */
const OUT_OF_SIGHT = 2_000;
/** Milliseconds after which pictures and thread are let go of. */
const IDLE = 10_000;
/** Weight of the newest in the average time that a picture takes. */
const NEWEST = 0.25;

/** What is played. */
export interface PlaySource {
  readonly jobId: number;
  /** Frames a second at speed 1. */
  readonly fps: number;
  readonly frames: TimelineCells;
  readonly loop: boolean;
  /** Pixels of the images, as the job says. */
  readonly width: number;
  readonly height: number;
  readonly format: ImageFormat;
  /** Names the image of a frame; null where there is none. */
  keyOf(frame: number): string | null;
}

export interface Player {
  /** Plays from a frame on, or goes on at another speed from where it is. @param speed times the frame rate, not 0 */
  play(speed: number, frame: number): void;
  /** Goes on from another frame. */
  seek(frame: number): void;
  /** Ends; the picture shown last stays in the feed. */
  stop(): void;
  /** Lets go of all there is. */
  close(): void;
}

interface PlayerOptions {
  /** Read anew in each animation frame: images join while it plays. null ends playback. */
  source(): PlaySource | null;
  /** @param size of the longer side that is enough; undefined for all pixels */
  load(jobId: number, frame: number, size?: number): Promise<Blob | null>;
  readonly decoder: Decoder;
  readonly feed: PictureFeed;
  report(report: PlayReport): void;
  /** It has come to its end, at this frame; null when what it played is gone. */
  ended(frame: number | null): void;
  /** Calls back in the next animation frame, with a time in milliseconds. @returns stops it */
  nextFrame(callback: (now: number) => void): () => void;
  readonly limit?: number;
}

/**
 * Plays the images of a job. The clock decides which frame is due; a picture that is not decoded in time is left out, and
 * counted, so that playback keeps its pace.
 */
export function createPlayer({ limit = RING_BYTES, ...options }: PlayerOptions): Player {
  const { feed, decoder } = options;
  const ring = createPictureRing(limit, (picture) => feed.current() === picture);
  const underWay = new Set<string>();
  const failed = new Set<string>();
  let run: {
    clock: PlayClock;
    started: number | null;
    firstAt: number | null;
    last: number;
    source: PlaySource;
  } | null = null;
  let frame = 0;
  let speed = 1;
  let tally: PlayTally = NO_TALLY;
  let rate: ShownRate = { times: [] };
  let average: number | null = null;
  let side: number | null = null;
  let cancel: (() => void) | null = null;
  let idle: ReturnType<typeof setTimeout> | undefined;

  const ahead = (picture: PlayedPicture): number => {
    if (!run || picture.jobId !== run.source.jobId) return Infinity;
    const { frames, loop, keyOf } = run.source;
    if (keyOf(picture.frame) !== picture.key || !frames.has(picture.frame)) return Infinity;
    return stepsTo(frames.indexOf(frame), frames.indexOf(picture.frame), run.clock.rate, {
      count: frames.count,
      loop,
    });
  };

  function show(picture: PlayedPicture): void {
    const before = feed.current();
    feed.show(picture);
    if (before && before !== picture && ring.get(before.key) !== before) before.bitmap.close();
  }

  /** Starts the clock anew where playback is. */
  function anchor(source: PlaySource, at: number): void {
    if (!run) return;
    run.source = source;
    run.clock = { at, index: source.frames.indexOf(frame), rate: source.fps * speed };
    tally = { ...tally, steps: -1 };
  }

  function tick(now: number): void {
    cancel = null;
    if (!run) return;
    const source = options.source();
    if (!source || source.jobId !== run.source.jobId || source.frames.count === 0) return end(null);
    const played = run.source;
    if (source.frames !== played.frames || source.fps !== played.fps || source.loop !== played.loop)
      anchor(source, now);
    run.source = source;
    if (now - run.last > OUT_OF_SIGHT) anchor(source, now);
    run.last = now;
    if (feed.side() !== side) {
      side = feed.side();
      ring.clear();
      average = null;
    }
    if (run.started === null && !isReady(now)) {
      // The clock stands still until there is something to see.
      run.clock = { ...run.clock, at: now };
    } else run.started ??= now;
    const steps = stepsAt(run.clock, now);
    const index = indexAfter(run.clock, steps, { count: source.frames.count, loop: source.loop });
    // Its last frame may have been left out.
    if (index === null) return end(source.frames.frameAt(run.clock.rate < 0 ? 0 : source.frames.count - 1));
    if (run.started !== null) draw(source, steps, index, now);
    pump(source, steps);
    cancel = options.nextFrame(tick);
  }

  function isReady(now: number): boolean {
    const { clock, source } = run!;
    const first = keyAfter(source, 0);
    if (first !== null && !failed.has(first) && !ring.has(first)) return false;
    run!.firstAt ??= now;
    if (now - run!.firstAt > START_AFTER) return true;
    for (let step = 1; step < START_WITH; step++) {
      const key = keyAfter(source, step * strideOf(clock.rate));
      if (key !== null && !failed.has(key) && !ring.has(key)) return false;
    }
    return true;
  }

  /** The image that is due after so many steps; null where there is none. */
  function keyAfter({ frames, loop, keyOf }: PlaySource, steps: number): string | null {
    const index = indexAfter(run!.clock, steps, { count: frames.count, loop });
    return index === null ? null : keyOf(frames.frameAt(index));
  }

  function draw(source: PlaySource, steps: number, index: number, now: number): void {
    if (steps <= tally.steps) return;
    const due = source.frames.frameAt(index);
    const key = source.keyOf(due);
    const picture = key === null ? undefined : ring.get(key);
    if (key !== null && !failed.has(key) && !picture) return report(now);
    frame = due;
    if (picture) show(picture);
    tally = drawn(tally, steps, strideOf(run!.clock.rate), (missed) => {
      const one = keyAfter(source, missed);
      return one !== null && !failed.has(one);
    });
    rate = addShown(rate, now);
    report(now);
  }

  function report(now: number): void {
    const wanted = Math.abs(run!.clock.rate) / strideOf(run!.clock.rate);
    const shown = rateShown(rate, now);
    const picture = feed.current();
    const proxy = picture?.proxy ? Math.max(picture.bitmap.width, picture.bitmap.height) : null;
    options.report({ frame, speed, shown, wanted, behind: isBehind(shown, wanted), dropped: tally.dropped, proxy });
  }

  function pump(source: PlaySource, steps: number): void {
    if (underWay.size >= AT_ONCE) return;
    const { clock, started } = run!;
    const perStep = 1_000 / Math.abs(clock.rate);
    const candidates = stepsToDecode(steps, strideOf(clock.rate), {
      lead: started === null || average === null ? 0 : Math.floor(average / perStep),
      thin: average === null ? 1 : thinningOf(clock.rate, average / AT_ONCE),
      horizon: Math.min(MOST_AHEAD, source.frames.count, ring.capacity() - 2) * strideOf(clock.rate),
    });
    for (const step of candidates) {
      if (underWay.size >= AT_ONCE) return;
      const index = indexAfter(clock, step, { count: source.frames.count, loop: source.loop });
      if (index === null) continue;
      const wanted = source.frames.frameAt(index);
      const key = source.keyOf(wanted);
      if (key !== null && !ring.has(key) && !underWay.has(key) && !failed.has(key)) void fetch(source, wanted, key);
    }
  }

  async function fetch(source: PlaySource, wanted: number, key: string): Promise<void> {
    underWay.add(key);
    const begun = performance.now();
    const size = proxySize(source, side);
    const asked = side;
    const blob = await options.load(source.jobId, wanted, size).catch(() => null);
    const bitmap = blob && (await decoder.decode(blob, asked));
    underWay.delete(key);
    if (!bitmap) {
      if (run) failed.add(key);
      return;
    }
    const took = performance.now() - begun;
    average = average === null ? took : average + (took - average) * NEWEST;
    if (!run || asked !== side) return bitmap.close();
    const { jobId, width, height } = source;
    ring.put({ key, jobId, frame: wanted, bitmap, width, height, proxy: size !== undefined }, ahead);
    if (run && !cancel) cancel = options.nextFrame(tick);
  }

  function end(at: number | null): void {
    halt();
    options.ended(at);
  }

  function halt(): void {
    cancel?.();
    cancel = null;
    run = null;
    clearTimeout(idle);
    idle = setTimeout(release, IDLE);
  }

  function release(): void {
    ring.clear();
    decoder.close();
  }

  return {
    play(to, from) {
      const source = options.source();
      if (!source || source.frames.count === 0) return;
      clearTimeout(idle);
      speed = to;
      if (run) {
        anchor(source, run.last);
        return report(run.last);
      }
      frame = startOf(source, from, to);
      failed.clear();
      tally = NO_TALLY;
      rate = { times: [] };
      const now = performance.now();
      run = { clock: { at: now, index: 0, rate: 1 }, started: null, firstAt: null, last: now, source };
      anchor(source, now);
      report(now);
      cancel = options.nextFrame(tick);
    },
    seek(to) {
      if (!run) return;
      frame = to;
      anchor(run.source, run.last);
    },
    stop: halt,
    close() {
      halt();
      clearTimeout(idle);
      release();
    },
  };
}

/** Where playback begins: at the frame shown, or at the other end where that is the last, or not among them. */
function startOf({ frames }: PlaySource, from: number, speed: number): number {
  const [first, last] = [frames.frameAt(0), frames.frameAt(frames.count - 1)];
  if (from < first || from > last) return speed < 0 ? last : first;
  if (speed > 0 && from === last) return first;
  if (speed < 0 && from === first) return last;
  return from;
}
