import { describe, expect, it } from 'vitest';
import {
  acceptFrames,
  acceptState,
  applyEvent,
  awaitFrames,
  EMPTY_MODEL,
  type HostModel,
} from '../../../src/renderer/model/host-model';
import { timelineCells, type TimelineCells } from '../../../src/renderer/model/timeline-cells';
import { BY_URGENCY, createOverview } from '../../../src/renderer/model/timeline-overview';
import type { FrameState } from '../../../src/shared/jobs';
import { sampleFrame, sampleState } from '../../helpers/samples';

/** A model that knows the frames 1, 2, … of the job 1, in these states. */
function modelWith(states: readonly FrameState[]): HostModel {
  const model = awaitFrames(acceptState(EMPTY_MODEL, sampleState()), 1);
  return acceptFrames(
    model,
    1,
    states.map((state, at) => sampleFrame(at + 1, state)),
  );
}

function changed(model: HostModel, frame: number, state: FrameState): HostModel {
  return applyEvent(model, { type: 'frame', jobId: 1, frame: sampleFrame(frame, state) });
}

const words = (strokes: Uint8Array): string[] => [...strokes].map((stroke) => BY_URGENCY[stroke]!);

describe('the overview of a timeline', () => {
  it('never hides a failed frame among thousands', () => {
    const states = Array.from({ length: 10_000 }, (_, at) => (at === 7_777 ? 'failed' : 'done') as FrameState);
    const strokes = createOverview()(
      timelineCells({ start: 1, end: 10_000 }, null),
      modelWith(states).frames.get(1),
      100,
    );
    expect(words(strokes).filter((state) => state === 'failed')).toHaveLength(1);
    expect(words(strokes)[77]).toBe('failed');
  });

  it('follows frames that change, and looks at no others again', () => {
    let looked = 0;
    const plain = timelineCells({ start: 1, end: 1_000 }, null);
    const cells: TimelineCells = {
      ...plain,
      indexOf(frame) {
        looked += 1;
        return plain.indexOf(frame);
      },
    };
    const overview = createOverview();
    let model = modelWith(Array.from({ length: 1_000 }, () => 'waiting' as const));
    overview(cells, model.frames.get(1), 10);
    looked = 0;
    for (let frame = 1; frame <= 100; frame++) model = changed(model, frame, 'rendering');
    expect(words(overview(cells, model.frames.get(1), 10)).slice(0, 2)).toEqual(['rendering', 'waiting']);
    for (let frame = 1; frame <= 100; frame++) model = changed(model, frame, frame === 50 ? 'failed' : 'done');
    expect(words(overview(cells, model.frames.get(1), 10))[0]).toBe('failed');
    model = changed(model, 50, 'done');
    expect(words(overview(cells, model.frames.get(1), 10))[0]).toBe('done');
    expect(looked).toBe(201);
    // As one that begins anew sees it, after more changes than are kept.
    for (let round = 0; round < 3; round++)
      for (let frame = 1; frame <= 1_000; frame++)
        model = changed(model, frame, frame % 300 === 0 ? 'failed' : round % 2 === 0 ? 'done' : 'skipped');
    expect(overview(cells, model.frames.get(1), 10)).toEqual(createOverview()(cells, model.frames.get(1), 10));
  });

  it('has room for fewer cells than strokes, and shows what the job does not have', () => {
    const overview = createOverview();
    const cells = timelineCells({ start: 1, end: 4 }, null);
    expect(words(overview(cells, modelWith(['done', 'failed']).frames.get(1), 8))).toEqual([
      'done',
      'done',
      'failed',
      'failed',
      'none',
      'none',
      'none',
      'none',
    ]);
    expect(words(overview(cells, undefined, 2))).toEqual(['none', 'none']);
  });
});
