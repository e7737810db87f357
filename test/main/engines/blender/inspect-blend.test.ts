import { existsSync } from 'node:fs';
import {
  copyFile,
  cp,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBlender } from '../../../../src/main/engines/blender/blender-process';
import { type BlenderWorker, startBlenderWorker } from '../../../../src/main/engines/blender/blender-worker';
import { createBlenderFinder } from '../../../../src/main/engines/blender/find-blender';
import { type BlendInspector, createBlendInspector } from '../../../../src/main/engines/blender/inspect-blend';
import type { EngineInfo } from '../../../../src/shared/engines';
import { UserError } from '../../../../src/shared/user-error';
import { blendBytes } from '../../../helpers/blend-bytes';
import { blenderScenes } from '../../../helpers/blender-scenes';
import { decodePng } from '../../../helpers/decode-png';
import { blenderVersion, eachBlender, pathOf } from '../../../helpers/needs';
import { sampleSettings } from '../../../helpers/samples';
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

const HANDLERS = /^The file’s scripts set up handlers\. .* set Workers to 1/;

eachBlender('a .blend that Blender looks into', () => {
  let folder: string;
  let scenes: string;
  let inspect: BlendInspector['inspect'];
  /** In one Blender for all files, as before a job: to start one takes ten times as long as to look into a file. */
  let inspectAtHand: BlendInspector['inspect'];
  let looking: BlenderWorker;
  let sources: BlendInspector['sources'];
  let portable: BlendInspector['portable'];
  let warningsFor: BlendInspector['warningsFor'];
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
    ({ inspect, sources, portable, warningsFor } = createBlendInspector(() => finder.list()));
    looking = await startBlenderWorker({ executable: pathOf('blender'), factoryStartup: true, allowScripts: false });
    ({ inspect: inspectAtHand } = createBlendInspector(
      () => finder.list(),
      undefined,
      undefined,
      async (path, program) => {
        const found = await looking.facts(path, program.name);
        expect(found).not.toBeNull();
        return found;
      },
    ));
  });
  afterAll(async () => {
    await looking?.stop();
    await rm(folder, { recursive: true, force: true });
  });

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
      // Blender 4 draws none where there is no window.
      thumbnail: blenderVersion().startsWith('4.') ? null : expect.stringMatching(/^data:image\/png;base64,/),
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
            viewTransform: expect.stringMatching(/^(AgX|Filmic)$/),
            sequencer: false,
            crop: null,
            joinedViews: null,
            compositor: false,
            fileOutputs: [],
            inSequence: false,
          },
        ],
        scripts: false,
      },
      warnings: [],
    });
    if (info.thumbnail !== null) expect(info.thumbnail.length).toBeGreaterThan(500);
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

  it('names every file that its pictures depend on, as it is now', async () => {
    const copy = temporaryFolder();
    await cp(folder, copy, { recursive: true });
    const settings = sampleSettings({ scene: join(copy, 'clean.blend') });
    const namesOf = (found: readonly { path: string }[]): string[] => found.map(({ path }) => relative(copy, path));
    const first = await sources(settings);
    // Neither what is packed nor what is not used; of the sequence, what is there.
    expect(namesOf(first)).toEqual([
      'clean.blend',
      'shot_0007.png',
      'textures/wood.png',
      'there.png',
      'tiles.1001.png',
      'tiles.1002.png',
    ]);
    const copied = await portable(settings.scene, null);
    expect(namesOf(copied.files).sort()).toEqual(namesOf(first));
    expect(copied.fixed).toBeNull();
    const { size, mtimeMs } = await stat(join(copy, 'there.png'));
    expect(first[3]).toEqual({ path: await realpath(join(copy, 'there.png')), bytes: size, modifiedAt: mtimeMs });
    expect(await sources(settings)).toEqual(first);
    await copyFile(join(copy, 'shot_0007.png'), join(copy, 'shot_0008.png'));
    await rm(join(copy, 'tiles.1002.png'));
    const then = await sources(settings);
    expect(namesOf(then)).toEqual([
      'clean.blend',
      'shot_0007.png',
      'shot_0008.png',
      'textures/wood.png',
      'there.png',
      'tiles.1001.png',
      'tiles.1002.png',
    ]);
    expect(then.at(-1)).toMatchObject({ bytes: null, modifiedAt: null });
    const shelf = await sources(sampleSettings({ scene: join(copy, 'libraries.blend') }));
    expect(namesOf(shelf)).toEqual([
      'libraries.blend',
      'shelf/box/inner.blend',
      'shelf/box/inner.png',
      'shelf/middle.blend',
    ]);
    // What a library refers to is its own affair, and it has changed.
    await copyFile(join(copy, 'clean.blend'), join(copy, 'shelf/box/inner.blend'));
    expect(namesOf(await sources(sampleSettings({ scene: join(copy, 'libraries.blend') })))).not.toContain(
      'shelf/box/inner.png',
    );
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

  it('says what a file that was sent here may not refer to, and lets no job begin with it', async () => {
    const data = temporaryFolder();
    const uploads = join(data, 'scenes');
    await cp(folder, uploads, { recursive: true });
    const finder = createBlenderFinder({ registered: () => pathOf('blender') });
    const careful = createBlendInspector(
      () => finder.list(),
      () => ({ folders: [], dataFolder: data, uploads }),
    );
    await copyFile(join(folder, 'missing.blend'), join(uploads, 'sent.blend'));
    const sentence =
      /^The scene “sent\.blend” refers to “.*”, outside of the folders that it may use: put that beside it, pack it into the file, or name its folder in the preference render\.sceneFolders\.$/;
    // Its libraries are named by their whole paths.
    expect((await careful.inspect(join(uploads, 'sent.blend'))).warnings[0]).toMatch(sentence);
    await expect(careful.warningsFor(sampleSettings({ scene: join(uploads, 'sent.blend') }))).rejects.toThrow(sentence);
    expect((await careful.inspect(join(uploads, 'clean.blend'))).warnings).toEqual([]);
    await careful.close();
  });

  it('says before a job begins where its File Output nodes write', async () => {
    const scene = join(scenes, 'file-output.blend');
    const finder = createBlenderFinder({ registered: () => pathOf('blender') });
    const { furtherFiles, close } = createBlendInspector(() => finder.list());
    const passes = join(scenes, 'passes');
    const found = await furtherFiles(sampleSettings({ scene }));
    expect(found).toEqual(
      expect.arrayContaining([
        join(passes, 'b##', 'colour_##.png'),
        join(passes, 'b##', 'deep', 'alpha####.png'),
        join(scenes, 'layered', 'all_####.exr'),
      ]),
    );
    await close();
  });

  it('tells of File Output nodes without extensions; in Blender 5 they have a setting that holds here too', async () => {
    const scene = join(scenes, 'file-output-bare.blend');
    const finder = createBlenderFinder({ registered: () => pathOf('blender') });
    const { furtherFiles, close } = createBlendInspector(() => finder.list());
    const found = await furtherFiles(sampleSettings({ scene }));
    await close();
    const { warnings } = await inspect(scene);
    if (Number.parseInt(blenderVersion(), 10) >= 5) {
      expect(found).toEqual([]);
      expect(warnings).toEqual([]);
    } else {
      expect(found).toContain(join(scenes, 'passes', 'b##', 'colour_##.png'));
      expect(warnings).toEqual([
        expect.stringMatching(/^The scene has File Extensions off in Blender: image files get/),
      ]);
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

  it.each(['script', 'driver', 'lines'])('runs no %s that is inside, and says that there is one', async (kind) => {
    const info = await inspect(join(folder, `${kind}.blend`));
    expect(info.blender?.scripts).toBe(true);
    expect(info.warnings).toEqual([
      'The file holds scripts that are not run: allow scripts for this job if its images need them.',
    ]);
    expect(existsSync(join(folder, 'a-script-ran'))).toBe(false);
  });

  it.each([
    ['handlers', [HANDLERS]],
    ['imported-handlers', [HANDLERS]],
    ['other-handlers', []],
    ['idle-handlers', []],
    ['driver', []],
  ])('says of %s.blend whether its scripts may go on from the frames before', async (name, warnings) => {
    const told = await warningsFor(
      sampleSettings({ scene: join(folder, `${name}.blend`), installation: null, workers: null, allowScripts: true }),
    );
    expect(told).toEqual(warnings.map((pattern) => expect.stringMatching(pattern)));
  });

  it.each([
    ['marked-camera', []],
    ['late-camera', []],
    ['no-layers', []],
    ['own-layers', ['The scene has no active camera: choose one, or its frames will fail.']],
  ])('says that a camera is missing only where Blender needs one: %s', async (name, warnings) => {
    expect((await inspect(join(folder, `${name}.blend`))).warnings).toEqual(warnings);
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
    expect(scene('Views')).toMatchObject({ views: ['_L', '_T'], format: 'targa' });
    expect(scene('Denoise')).toMatchObject({ renderEngine: 'cycles', format: 'png' });
    expect(warnings).toEqual(
      expect.arrayContaining([
        'The scene “Main” asks for a movie (FFmpeg): each of its frames is written as an image.',
        'The scene “Empty” asks for Iris, which is not written here: PNG is written instead, unless the job says otherwise.',
        'The scene “Empty” has no active camera: choose one, or its frames will fail.',
      ]),
    );
    expect(warnings.filter((warning) => warning.includes('File Extensions'))).toEqual([
      'The scene “Views” has File Extensions off in Blender: image files get the extension of their format here all the same.',
    ]);
  });

  it.each<[string, object, RegExp[]]>([
    ['eevee', { renderEngine: 'eevee', samples: 4 }, []],
    ['workbench', { renderEngine: 'workbench', samples: null }, []],
    ['multilayer', { format: 'exr-multilayer', viewLayers: ['ViewLayer', 'Second layer'] }, []],
    ['stereo', { views: ['_L', '_R'] }, []],
    ['side-by-side', { views: [''], joinedViews: 'side-by-side', crop: null }, []],
    ['cropped', { joinedViews: null, crop: { left: 0.25, right: 0.75, bottom: expect.closeTo(0.1), top: 0.5 } }, []],
    ['one-view', { views: [''] }, []],
    ['views-in-one', { views: [''], separateViews: ['_L', '_R'] }, []],
    ['sequencer', { name: 'Film', sequencer: true, camera: null }, []],
    ['second-active', { name: 'Second', camera: 'Second camera' }, []],
    ['linked-active', { name: 'Second', camera: 'Second camera' }, []],
    [
      'gone-engine',
      { renderEngine: 'FRAMEGAUGE_GONE', samples: null },
      [/^The scene asks for the render engine FRAMEGAUGE_GONE, which Blender .* has only with an add-on/],
    ],
    ['file-output', { compositor: true, fileOutputs: ['//passes/b##', '//layered/all_'] }, []],
    ['gpu', {}, [/^The scene asks for the GPU, and this Blender has no device enabled/]],
    ['no-camera', { camera: null, cameras: [] }, [/^The scene has no active camera/]],
  ])('knows what %s.blend is about', async (file, active, warnings) => {
    const info = await inspectAtHand(join(scenes, `${file}.blend`));
    expect(info.blender!.scenes.find((scene) => scene.name === info.blender!.activeScene)).toMatchObject(active);
    expect(info.warnings).toEqual(warnings.map((pattern) => expect.stringMatching(pattern)));
  });

  it('looks at the scenes whose render layers the compositor takes, unless their node is muted', async () => {
    const warnings = async (file: string): Promise<readonly string[]> =>
      (await inspect(join(scenes, `${file}.blend`))).warnings;
    const physics = expect.stringMatching(/^The scene “Scene” has physics that is not baked \(cloth of “Sail”\)/);
    expect(await warnings('composited')).toContainEqual(physics);
    expect(await warnings('composited-not')).not.toContainEqual(physics);
  });

  it('warns where a fluid is not baked, or what was baked is gone', async () => {
    const at = temporaryFolder();
    const script = `
import bpy, shutil
bpy.ops.wm.read_factory_settings()
domain = bpy.context.object.modifiers.new("Fluid", "FLUID")
domain.fluid_type = "DOMAIN"
settings = domain.domain_settings
settings.cache_type, settings.resolution_max, settings.cache_frame_end = "ALL", 6, 2
settings.cache_directory = ${JSON.stringify(join(at, 'none'))}
bpy.ops.wm.save_as_mainfile(filepath=${JSON.stringify(join(at, 'unbaked.blend'))})
settings.cache_directory = ${JSON.stringify(join(at, 'cache'))}
bpy.ops.fluid.bake_all()
bpy.ops.wm.save_as_mainfile(filepath=${JSON.stringify(join(at, 'baked.blend'))})
`;
    const making = await startBlender({
      executable: pathOf('blender'),
      factoryStartup: true,
      allowScripts: false,
      script,
    });
    const { code } = await making.ended;
    await making.close();
    // Debian's 4.3 ends itself wherever it evaluates a fluid, so there is no file to look into; others must do it.
    if (code !== 0) return expect(blenderVersion()).toMatch(/^4\.3\./);
    const warning = (folder: string): string =>
      `The cache file “${join(at, folder, 'data/fluid_data_0001.vdb')}” is missing: frames are rendered without it.`;
    expect((await inspect(join(at, 'unbaked.blend'))).warnings).toEqual([warning('none')]);
    expect((await inspect(join(at, 'baked.blend'))).warnings).toEqual([]);
    await rm(join(at, 'cache', 'data'), { recursive: true });
    await utimes(join(at, 'baked.blend'), new Date(), new Date(1_000_000));
    expect((await inspect(join(at, 'baked.blend'))).warnings).toEqual([warning('cache')]);
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
      /^(Blender [\d.]+.* ended .*odd\.blend.*|“odd\.blend” cannot be opened.*)\.$/,
    );
  });

  it('refuses what breaks off before it starts a Blender', async () => {
    const path = join(temporaryFolder(), 'cut.blend');
    await copyFile(join(scenes, 'plain.blend'), path);
    await truncate(path, 200_000);
    await expect(inspect(path)).rejects.toThrow('“cut.blend” breaks off after 200000 bytes');
  });
});
