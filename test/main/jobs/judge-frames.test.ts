import { expect, it, vi } from 'vitest';
import { judgeFrames } from '../../../src/main/jobs/judge-frames';
import type { Frame } from '../../../src/shared/jobs';

const JUDGEMENTS = [1, 2].map((frame) => ({ frame, seconds: 5, suspicion: null }));

it('tells of the frames that changed', () => {
  const announcer = { frame: vi.fn() };
  const judge = vi.fn((_job: number, { frame }: { frame: number }) => (frame === 2 ? ({ frame } as Frame) : null));
  judgeFrames(
    { store: { frames: { judge } as never }, announcer, onFault: (error) => expect(error).toBeNull() },
    7,
    JUDGEMENTS,
  );
  expect(announcer.frame.mock.calls).toEqual([[7, { frame: 2 }]]);
});

it('costs no outcome where the store cannot be written', () => {
  const full = new Error('database or disk is full');
  const judge = (): never => {
    throw full;
  };
  const onFault = vi.fn();
  judgeFrames({ store: { frames: { judge } as never }, announcer: { frame: vi.fn() }, onFault }, 7, JUDGEMENTS);
  expect(onFault.mock.calls).toEqual([[full]]);
});
