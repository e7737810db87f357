import { describe, expect, it } from 'vitest';
import type { BlendFacts, SceneFacts } from '../../../../src/main/engines/blender/blend-facts';
import { blendWarnings, type JobChoices } from '../../../../src/main/engines/blender/blend-warnings';

function scene(change: Partial<SceneFacts> = {}): SceneFacts {
  return {
    name: 'Shot',
    frameStart: 1,
    frameEnd: 2,
    frameStep: 1,
    fps: 24,
    width: 100,
    height: 100,
    percentage: 100,
    camera: 'Camera',
    lacksCamera: false,
    drawsItself: true,
    cameras: ['Camera'],
    engine: 'CYCLES',
    samples: { cycles: 4 },
    output: '',
    fileFormat: 'PNG',
    movie: false,
    bareNames: false,
    views: [''],
    crop: null,
    joinedViews: null,
    separateViews: null,
    viewLayers: ['ViewLayer'],
    viewTransform: 'AgX',
    sequencer: false,
    compositor: false,
    fileOutputs: [],
    furtherFiles: [],
    allFurtherFiles: true,
    denoising: false,
    gpu: false,
    unbaked: [],
    composited: [],
    ...change,
  };
}

function facts(change: Partial<BlendFacts> = {}): BlendFacts {
  return {
    activeScene: 'Shot',
    scenes: [scene()],
    scripts: false,
    handlers: false,
    needed: [],
    allNeeded: true,
    missing: [],
    missingData: [],
    savedBy: [3, 4, 6],
    runBy: [3, 4, 1],
    denoiser: true,
    gpu: null,
    missingEngines: {},
    ...change,
  };
}

const plain: JobChoices = {
  sceneName: null,
  camera: null,
  renderEngine: null,
  allowScripts: false,
  device: null,
  factoryStartup: false,
  workers: null,
};

describe('warnings of a .blend', () => {
  it('are none where nothing is wrong', () => expect(blendWarnings(facts(), 'Blender 3.4.1')).toEqual([]));

  it('tell of a file that is newer than Blender, not of one that is as old or older', () => {
    const saved = (...savedBy: number[]): string[] => blendWarnings(facts({ savedBy }), 'Blender 3.4.1');
    expect(saved(3, 5, 0)).toEqual([
      'The file was saved by Blender 3.5, which is newer than Blender 3.4.1: its frames will fail there. Install Blender 3.5 or later.',
    ]);
    expect(saved(5, 0, 1)).toHaveLength(1);
    expect(saved(3, 4, 9)).toEqual([]);
    expect(saved(2, 93, 0)).toEqual([]);
  });

  it('name the scene where there are several, the active one first', () => {
    const scenes = [scene({ name: 'Other', lacksCamera: true }), scene({ lacksCamera: true })];
    expect(blendWarnings(facts({ scenes }), 'Blender')).toEqual([
      expect.stringMatching(/^The scene “Shot” has no active camera/),
      expect.stringMatching(/^The scene “Other” has no active camera/),
    ]);
  });

  it('tell of file extensions that Blender would leave out, where images are written', () => {
    const other = scene({ name: 'Other', bareNames: true });
    const both = { activeScene: 'Shot', scenes: [scene({ composited: ['Other'] }), other] };
    expect(blendWarnings(facts(both), 'Blender', plain)).toEqual([]);
    expect(blendWarnings(facts(both), 'Blender', { ...plain, sceneName: 'Other' })).toEqual([
      'The scene “Other” has File Extensions off in Blender: image files get the extension of their format here all the same.',
    ]);
  });

  it('tell of physics that is not baked', () => {
    const unbaked = ['Flag', 'Sail', 'Rope', 'Net'].map((name) => ({ kind: 'cloth', name }));
    const [few] = blendWarnings(facts({ scenes: [scene({ unbaked: unbaked.slice(0, 2) })] }), 'Blender', plain);
    expect(few).toMatch(
      /^The scene has physics that is not baked \(cloth of “Flag”, cloth of “Sail”\): .*one worker renders them in sequence/,
    );
    expect(blendWarnings(facts({ scenes: [scene({ unbaked })] }), 'Blender', { ...plain, workers: 2 })[0]).toMatch(
      /which several workers at once can get wrong\. Bake it in Blender, or leave it to one worker\.$/,
    );
    expect(blendWarnings(facts({ scenes: [scene({ unbaked })] }), 'Blender')[0]).toContain('“Rope”, and more)');
  });

  it('tell of a GPU that Cycles is to use and has not', () => {
    const wanting = (
      gpu: boolean | null,
      job: Partial<JobChoices> | null = null,
      change: Partial<SceneFacts> = {},
    ): string[] =>
      blendWarnings(
        facts({ gpu, scenes: [scene({ gpu: true, ...change })] }),
        'Blender 3.4.1',
        job && { ...plain, ...job },
      );
    const sentence = [
      expect.stringMatching(
        /^The scene asks for the GPU, and this Blender has no device enabled for Cycles: it renders on the CPU\./,
      ),
    ];
    expect(wanting(false)).toEqual(sentence);
    expect(wanting(false, {})).toEqual(sentence);
    expect(wanting(false, { renderEngine: 'cycles' })).toEqual(sentence);
    // Without the person's settings, no card is enabled.
    expect(wanting(true, { factoryStartup: true })).toEqual(sentence);
    expect(wanting(true)).toEqual([]);
    expect(wanting(true, {})).toEqual([]);
    expect(wanting(false, { device: 'cpu' })).toEqual([]);
    expect(wanting(false, { renderEngine: 'eevee' })).toEqual([]);
    expect(wanting(false, {}, { engine: 'BLENDER_EEVEE' })).toEqual([]);
  });

  it('leave out missing data of a library that is missing itself', () => {
    const missing = [{ kind: 'library' as const, name: 'a.blend', path: '/films/a.blend' }];
    const missingData = [
      { name: 'Cube', library: '//a.blend' },
      { name: 'Cone', library: '//b.blend' },
    ];
    expect(blendWarnings(facts({ missing, missingData }), 'Blender')).toEqual([
      'The library “/films/a.blend” is missing: frames are rendered without it.',
      '“Cone” is missing from the library “//b.blend”, from which it is linked: frames are rendered without it.',
    ]);
  });

  it.each<[string, Partial<BlendFacts>, Partial<JobChoices>, number, number]>([
    ['another scene’s camera', { scenes: [scene(), scene({ name: 'Other', lacksCamera: true })] }, {}, 1, 0],
    [
      'that scene’s camera',
      { scenes: [scene(), scene({ name: 'Other', lacksCamera: true })] },
      { sceneName: 'Other' },
      1,
      1,
    ],
    ['a camera where one is chosen', { scenes: [scene({ lacksCamera: true })] }, { camera: 'Camera' }, 1, 0],
    [
      'a camera where a compositor draws without it',
      { scenes: [scene({ lacksCamera: true, drawsItself: false })] },
      {},
      0,
      0,
    ],
    ['an engine where another is chosen', { missingEngines: { Shot: 'GONE' } }, { renderEngine: 'cycles' }, 1, 0],
    ['an engine where none is chosen', { missingEngines: { Shot: 'GONE' } }, {}, 1, 1],
    ['scripts that may run', { scripts: true }, { allowScripts: true }, 1, 0],
    ['handlers that may not run', { handlers: true }, {}, 0, 0],
    ['handlers of a job with one worker', { handlers: true }, { allowScripts: true, workers: 1 }, 0, 0],
    ['handlers that several workers run', { handlers: true }, { allowScripts: true }, 0, 1],
    ['scripts that may not run', { scripts: true }, {}, 1, 1],
    [
      'denoising with another engine',
      { scenes: [scene({ denoising: true })], denoiser: false },
      { renderEngine: 'eevee' },
      1,
      0,
    ],
    ['denoising', { scenes: [scene({ denoising: true })], denoiser: false }, {}, 1, 1],
    [
      'denoising where it isn’t known whether there is a denoiser',
      { scenes: [scene({ denoising: true })], denoiser: null },
      {},
      0,
      0,
    ],
    [
      'scenes in the sequencer',
      { scenes: [scene({ sequencer: true, lacksCamera: true }), scene({ name: 'Other', lacksCamera: true })] },
      {},
      1,
      1,
    ],
    [
      'a scene in the compositor',
      {
        scenes: [
          scene({ composited: ['Other'] }),
          scene({
            name: 'Other',
            lacksCamera: true,
            drawsItself: false,
            movie: true,
            unbaked: [{ kind: 'cloth', name: 'Sail' }],
          }),
        ],
      },
      {},
      3,
      1,
    ],
    ['a missing file', { missing: [{ kind: 'image', name: 'a', path: '/a.png' }] }, {}, 1, 1],
  ])('of a job concern it: %s', (_what, found, choices, ofFile, ofJob) => {
    expect(blendWarnings(facts(found), 'Blender')).toHaveLength(ofFile);
    expect(blendWarnings(facts(found), 'Blender', { ...plain, ...choices })).toHaveLength(ofJob);
  });
});
