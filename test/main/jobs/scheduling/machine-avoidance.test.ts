import { describe, expect, it } from 'vitest';
import { createMachineAvoidance } from '../../../../src/main/jobs/scheduling/machine-avoidance';

const MINUTE = 60_000;

/** `left 3 fails` and `left works` at some minute; the expected machines that are avoided at the end. */
const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['nothing has failed', [], []],
  ['one frame failed', ['0 left fails 1'], []],
  ['the same frame failed twice', ['0 left fails 1', '0 left fails 1'], []],
  ['two different frames failed', ['0 left fails 1', '0 left fails 2'], ['left']],
  ['a frame was rendered in between', ['0 left fails 1', '0 left works', '0 left fails 2'], []],
  ['it rendered a frame afterwards', ['0 left fails 1', '0 left fails 2', '0 left works'], []],
  ['two machines failed one frame each', ['0 left fails 1', '0 right fails 2'], []],
  ['the manager’s own failed two', ['0 manager fails 1', '0 manager fails 2'], ['manager']],
  ['it is nearly forgiven', ['0 left fails 1', '1 left fails 2', '10 look'], ['left']],
  ['it is forgiven', ['0 left fails 1', '1 left fails 2', '11 look'], []],
  ['it fails one more after that', ['0 left fails 1', '0 left fails 2', '11 left fails 3'], []],
  [
    'it fails two more, longer',
    ['0 left fails 1', '0 left fails 2', '11 left fails 3', '11 left fails 4', '30 look'],
    ['left'],
  ],
  ['it refused one frame', ['0 left refuses', '9 look'], ['left']],
  ['it refused one, and is forgiven', ['0 left refuses', '11 look'], []],
  ['it refused again after that, longer', ['0 left refuses', '11 left refuses', '30 look'], ['left']],
  ['and is forgiven again', ['0 left fails 1', '0 left fails 2', '11 left fails 3', '11 left fails 4', '31 look'], []],
];

describe('a machine is avoided for a job', () => {
  it.each(CASES)('when %s', (_name, steps, avoided) => {
    const avoidance = createMachineAvoidance();
    let now = 0;
    for (const step of steps) {
      const [minute, name, word, frame] = step.split(' ');
      now = Number(minute) * MINUTE;
      const machine = name === 'manager' ? null : name!;
      if (word === 'fails') avoidance.failed(machine, Number(frame), now, `Frame ${frame} failed.`);
      else if (word === 'refuses') avoidance.refused(machine, now, 'No graphics.');
      else if (word === 'works') avoidance.succeeded(machine);
    }
    const all = ['left', 'right', 'manager'];
    expect(all.filter((name) => avoidance.isAvoided(name === 'manager' ? null : name, now))).toEqual(avoided);
  });
});

it('is told with what failed there last', () => {
  const avoidance = createMachineAvoidance();
  avoidance.failed('left', 1, 0, 'No light.');
  avoidance.failed('left', 2, 0, 'No memory.');
  avoidance.failed('right', 1, 0, 'No light.');
  avoidance.refused(null, MINUTE, 'No graphics.');
  expect(avoidance.avoided(MINUTE)).toEqual(
    new Map([
      ['left', 'No memory.'],
      [null, 'No graphics.'],
    ]),
  );
  expect(avoidance.avoided(10.5 * MINUTE)).toEqual(new Map([[null, 'No graphics.']]));
});
