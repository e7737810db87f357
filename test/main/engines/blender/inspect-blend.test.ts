import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBlender } from '../../../../src/main/engines/blender/blender-process';
import { createBlenderFinder } from '../../../../src/main/engines/blender/find-blender';
import { type BlendInspector, createBlendInspector } from '../../../../src/main/engines/blender/inspect-blend';
import type { EngineInfo } from '../../../../src/shared/engines';
import { UserError } from '../../../../src/shared/user-error';
import { blendBytes } from '../../../helpers/blend-bytes';
import { blenderScenes } from '../../../helpers/blender-scenes';
import { decodePng } from '../../../helpers/decode-png';
import { needs, pathOf } from '../../../helpers/needs';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import script from './inspection-scenes.py?raw';

describe('a .blend where there is no Blender', () => {
  const { inspect } = createBlendInspector(() => Promise.resolve([]));

  it('opens with what it says itself, and with the way to install Blender', async () => {
    const path = join(temporaryFolder(), 'cat.blend');
    // Red above blue: the lowest row comes first.
    const thumbnail = { width: 1, height: 2, pixels: new Uint8Array([0, 0, 255, 255, 255, 0, 0, 255]) };
    const bytes = blendBytes({ render: { scene: 'Shot', frameStart: 7, frameEnd: 90 }, thumbnail });
    await writeFile(path, bytes);
    const info = await inspect(path);
    expect(info).toEqual({
      path,
      name: 'cat',
      engine: 'blender',
      bytes: bytes.length,
      frameStart: 7,
      frameEnd: 90,
      frameStep: 1,
      fps: 24,
      width: 1920,
      height: 1080,
      samples: 1,
      cameras: [],
      animations: [],
      thumbnail: expect.stringMatching(/^data:image\/png;base64,/),
      blender: null,
      warnings: [
        expect.stringMatching(
          /^Blender was not found on this machine, so \.blend files cannot be rendered: get it from blender\.org .* or name its program in the preference blender\.path\.$/,
        ),
      ],
    });
    const picture = decodePng(Buffer.from(info.thumbnail!.split(',')[1]!, 'base64'));
    expect([picture.width, picture.height, picture.at(0, 0), picture.at(0, 1)]).toEqual([
      1,
      2,
      [255, 0, 0, 255],
      [0, 0, 255, 255],
    ]);
  });

  it('says what is wrong with a Blender that was named', async () => {
    const path = join(temporaryFolder(), 'cat.blend');
    await writeFile(path, blendBytes());
    const broken: EngineInfo = {
      id: 'blender-unknown',
      engine: 'blender',
      name: 'Blender',
      version: null,
      path: '/x',
      source: 'preference',
      problem: 'It is broken.',
      default: false,
    };
    const { warnings } = await createBlendInspector(() => Promise.resolve([broken])).inspect(path);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^No Blender that works was found, so \.blend files cannot be rendered\. It is broken\. Or get it from blender\.org/,
      ),
    ]);
  });

  it('refuses what is no .blend', async () => {
    const path = join(temporaryFolder(), 'cat.blend');
    await writeFile(path, 'meow');
    await expect(inspect(path)).rejects.toBeInstanceOf(UserError);
  });
});

needs.blender('a .blend that Blender looks into', () => {
  let folder: string;
  let scenes: string;
  let inspect: BlendInspector['inspect'];
  let name: string;
  beforeAll(async () => {
    scenes = await blenderScenes();
    folder = await mkdtemp(join(tmpdir(), 'framegauge-inspection-'));
    const blender = await startBlender({
      executable: pathOf('blender'),
      factoryStartup: true,
      allowScripts: false,
      script,
      scriptArguments: [folder],
    });
    try {
      const { code } = await blender.ended;
      if (code !== 0) throw new Error(blender.log().join('\n'));
    } finally {
      await blender.close();
    }
    const finder = createBlenderFinder({ registered: () => pathOf('blender') });
    name = (await finder.list())[0]!.name;
    ({ inspect } = createBlendInspector(() => finder.list()));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('offers what is in it, the active scene’s values first', async () => {
    const path = join(folder, 'clean.blend');
    const info = await inspect(path);
    expect(info).toEqual({
      path,
      name: 'clean',
      engine: 'blender',
      bytes: (await stat(path)).size,
      frameStart: 5,
      frameEnd: 25,
      frameStep: 10,
      fps: expect.closeTo(29.97, 3),
      width: 960,
      height: 540,
      samples: 77,
      cameras: ['B camera', 'Camera'],
      animations: [],
      thumbnail: expect.stringMatching(/^data:image\/png;base64,/),
      blender: {
        version: expect.stringMatching(/^\d+\.\d+$/),
        activeScene: 'Scene',
        scenes: [
          {
            name: 'Scene',
            frameStart: 5,
            frameEnd: 25,
            frameStep: 10,
            fps: expect.closeTo(29.97, 3),
            width: 1921,
            height: 1081,
            percentage: 50,
            camera: 'B camera',
            cameras: ['B camera', 'Camera'],
            renderEngine: 'cycles',
            samples: 77,
            samplesByEngine: { cycles: 77, eevee: 33 },
            output: '//out/clean_###',
            format: 'exr',
            movie: false,
            views: [''],
            viewLayers: ['ViewLayer', 'Shadows'],
            sequencer: false,
            compositor: false,
            fileOutputs: [],
          },
        ],
        scripts: false,
      },
      warnings: [],
    });
    expect(info.thumbnail!.length).toBeGreaterThan(500);
  });

  it('answers at once when it has been looked into before, and anew when it has changed', async () => {
    const path = join(temporaryFolder(), 'copy.blend');
    await copyFile(join(scenes, 'anim.blend'), path);
    let looked = 0;
    const { inspect: counting } = createBlendInspector(async () => [
      {
        id: 'blender-x',
        engine: 'blender',
        name,
        version: '99.0',
        path: await counted(),
        source: 'path',
        problem: null,
        default: true,
      },
    ]);
    const wrapper = join(temporaryFolder(), 'blender');
    async function counted(): Promise<string> {
      await writeFile(wrapper, `#!/bin/sh\necho x >> "${wrapper}.log"\nexec "${pathOf('blender')}" "$@"\n`, {
        mode: 0o755,
      });
      return wrapper;
    }
    const first = await counting(path);
    expect(await counting(path)).toEqual(first);
    looked = (await readFile(`${wrapper}.log`, 'utf8')).length / 2;
    expect(looked).toBe(1);
    await utimes(path, new Date(), new Date(1_000_000));
    expect(await counting(path)).toEqual(first);
    expect((await readFile(`${wrapper}.log`, 'utf8')).length / 2).toBe(2);
  });

  it('warns of everything that is missing, until it is there again', async () => {
    const path = join(folder, 'missing.blend');
    const { warnings } = await inspect(path);
    const at = (file: string): string => join(folder, file);
    expect([...warnings].sort()).toEqual(
      [
        `The library “${at('other.blend')}” is missing: frames are rendered without it.`,
        `“There” is missing from the library “${at('library.blend')}”, from which it is linked: frames are rendered without it.`,
        `The image “${at('gone.png')}” is missing: frames are rendered without it.`,
        `The image “${at('tiles.1003.png')}” is missing: frames are rendered without it.`,
        `The image “${at('nothing_0001.png')}” is missing: frames are rendered without it.`,
        `The image “${at('strip.png')}” is missing: frames are rendered without it.`,
        `The volume “${at('cloud.vdb')}” is missing: frames are rendered without it.`,
      ].sort(),
    );
    await writeFile(at('gone.png'), '');
    try {
      expect((await inspect(path)).warnings).toHaveLength(warnings.length - 1);
    } finally {
      await rm(at('gone.png'));
    }
  });

  it('finds what libraries of libraries need where that is', async () => {
    const path = join(folder, 'libraries.blend');
    expect((await inspect(path)).warnings).toEqual([]);
    await rename(join(folder, 'shelf/box'), join(folder, 'shelf/elsewhere'));
    await utimes(path, new Date(), new Date(1_000_000));
    expect((await inspect(path)).warnings).toEqual([
      `The library “${join(folder, 'shelf/box/inner.blend')}” is missing: frames are rendered without it.`,
    ]);
  });

  it.each(['script', 'driver'])('runs no %s that is inside, and says that there is one', async (kind) => {
    const info = await inspect(join(folder, `${kind}.blend`));
    expect(info.blender?.scripts).toBe(true);
    expect(info.warnings).toEqual([
      'The file holds scripts that are not run: allow scripts for this job if its images need them.',
    ]);
    expect(existsSync(join(folder, 'a-script-ran'))).toBe(false);
  });

  it('tells scenes apart, their views, formats and engines', async () => {
    const { blender, warnings } = await inspect(join(folder, 'scenes.blend'));
    const scene = (wanted: string): NonNullable<typeof blender>['scenes'][number] =>
      blender!.scenes.find((one) => one.name === wanted)!;
    expect(blender!.activeScene).toBe('Main');
    expect(scene('Main')).toMatchObject({
      movie: true,
      format: null,
      views: ['_L', '_R'],
      camera: 'Camera',
      renderEngine: 'eevee',
    });
    expect(scene('Empty')).toMatchObject({
      movie: false,
      format: null,
      views: [''],
      camera: null,
      cameras: [],
      renderEngine: 'workbench',
      samples: null,
    });
    expect(scene('Views')).toMatchObject({ views: ['_L', '_T'] });
    expect(scene('Denoise')).toMatchObject({ renderEngine: 'cycles', format: 'png' });
    expect(warnings).toEqual(
      expect.arrayContaining([
        'The scene “Main” asks for a movie (FFmpeg): each of its frames is written as an image.',
        'The scene “Empty” asks for Targa, which is not written here: PNG is written instead, unless the job says otherwise.',
        'The scene “Empty” has no active camera: choose one, or its frames will fail.',
      ]),
    );
  });

  it.each<[string, object, RegExp[]]>([
    ['eevee', { renderEngine: 'eevee', samples: 4 }, []],
    ['workbench', { renderEngine: 'workbench', samples: null }, []],
    ['multilayer', { format: 'exr-multilayer', viewLayers: ['ViewLayer', 'Second layer'] }, []],
    ['stereo', { views: ['_L', '_R'] }, []],
    ['side-by-side', { views: [''] }, []],
    ['sequencer', { name: 'Film', sequencer: true, camera: null }, []],
    ['second-active', { name: 'Second', camera: 'Second camera' }, []],
    [
      'gone-engine',
      { renderEngine: 'FRAMEGAUGE_GONE', samples: null },
      [/^The scene asks for the render engine FRAMEGAUGE_GONE, which Blender .* has only with an add-on/],
    ],
    ['file-output', { compositor: true, fileOutputs: ['//passes/b##', '//layered/all_'] }, []],
    ['no-camera', { camera: null, cameras: [] }, [/^The scene has no active camera/]],
  ])('knows what %s.blend is about', async (file, active, warnings) => {
    const info = await inspect(join(scenes, `${file}.blend`));
    expect(info.blender!.scenes.find((scene) => scene.name === info.blender!.activeScene)).toMatchObject(active);
    expect(info.warnings).toEqual(warnings.map((pattern) => expect.stringMatching(pattern)));
  });

  it('warns where a file is to be denoised and this Blender can’t', async () => {
    const { warnings } = await inspect(join(scenes, 'denoise.blend'));
    // Blender's own builds have a denoiser, Debian's has none.
    const probe = await startBlender({
      executable: pathOf('blender'),
      factoryStartup: true,
      allowScripts: false,
      script: 'import _cycles, os\nos._exit(3 if _cycles.with_openimagedenoise else 4)',
    });
    const { code } = await probe.ended;
    await probe.close();
    expect(warnings).toEqual(
      code === 3
        ? []
        : [
            `The scene is to be denoised, but ${name} was built without a denoiser: its frames will fail. Get a Blender that has one from blender.org, or switch denoising off in the file.`,
          ],
    );
  });

  it('refuses in one sentence what looks like a .blend and is none', async () => {
    const path = join(temporaryFolder(), 'odd.blend');
    await writeFile(path, blendBytes());
    const error = await inspect(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(
      /^“odd\.blend” cannot be opened by Blender [\d.]+.* \([^()]+\): save or copy it again\.$/,
    );
  });

  it('lives through a file that Blender does not live through', async () => {
    const path = join(temporaryFolder(), 'odd.blend');
    await writeFile(path, blendBytes({ dna: true }));
    const error = await inspect(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(
      /^(Blender [\d.]+.* ended|“odd\.blend” cannot be opened).*odd\.blend.*\.$/,
    );
  });

  it('refuses what breaks off before it starts a Blender', async () => {
    const path = join(temporaryFolder(), 'cut.blend');
    await copyFile(join(scenes, 'plain.blend'), path);
    await truncate(path, 200_000);
    await expect(inspect(path)).rejects.toThrow('“cut.blend” breaks off after 200000 bytes');
  });
});
