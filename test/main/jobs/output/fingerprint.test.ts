import { expect, it } from 'vitest';
import type { SourceFile } from '../../../../src/main/engines/render-engine';
import { changedSource, fingerprintOf, sameSettings } from '../../../../src/main/jobs/output/fingerprint';
import { type JobSettings, jobSettingsSchema } from '../../../../src/shared/jobs';
import { PICTURE_SETTINGS } from '../../../../src/shared/picture-settings';
import { sampleSettings } from '../../../helpers/samples';

const file = (path: string, bytes: number | null = 1, modifiedAt: number | null = 1): SourceFile => ({
  path,
  bytes,
  modifiedAt,
});
const files = [file('/shot.gltf'), file('/wood.png')];
const print = (change: Partial<JobSettings> = {}, sources: readonly SourceFile[] = files, program = '1.0'): string =>
  fingerprintOf('gltf', program, sampleSettings(change), sources);

it('is the same for the same pictures, wherever they go and however they are rendered', () => {
  expect(
    print({
      output: '/elsewhere/#.png',
      frames: '7',
      overwrite: true,
      workers: 3,
      order: 'middle-out',
      attempts: 9,
      failureShare: 1,
      keepExisting: true,
    }),
  ).toBe(print());
});

it('names every setting: one that is new has to be decided on', () => {
  const others = [
    'frames',
    'output',
    'overwrite',
    'keepExisting',
    'preview',
    // By what the scene says, whose files count.
    'imageSize',
    // Of what its files say, for those who look at them.
    'viewTransform',
    'versionOf',
    'workers',
    'order',
    'attempts',
    'failureShare',
    'tags',
    'blockedMachines',
    'maxMachines',
  ];
  expect([...PICTURE_SETTINGS, ...others].sort()).toEqual(Object.keys(jobSettingsSchema.shape).sort());
});

it('is another one for another program or other files, and tells which of both', () => {
  const all = [
    print(),
    print({ samples: 3 }),
    print({}, files, '1.1'),
    print({}, [file('/shot.gltf', 2), files[1]!]),
    print({}, [files[0]!, file('/wood.png', 1, 1.5)]),
    print({}, [files[0]!]),
    print({}, [files[0]!, file('/wood.png', null, null)]),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(all.map((one) => sameSettings(one, print()))).toEqual([true, false, false, true, true, true, true]);
});

it.each<[string, readonly SourceFile[], string | null]>([
  ['nothing', files, null],
  ['a file that is larger', [files[0]!, file('/wood.png', 2)], '/wood.png'],
  ['one that is newer', [file('/shot.gltf', 1, 2), files[1]!], '/shot.gltf'],
  ['one that is gone', [files[0]!, file('/wood.png', null, null)], '/wood.png'],
  ['one that is referred to no more', [files[0]!], '/wood.png'],
  ['one that is new', [...files, file('/new.png')], '/new.png'],
])('finds %s', (_what, now, expected) => expect(changedSource(files, now)).toBe(expected));
