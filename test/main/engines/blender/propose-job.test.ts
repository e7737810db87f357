import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../../../../src/shared/engines';
import type { JobRequest, JobSettings } from '../../../../src/shared/jobs';
import type { BlenderScene, SceneInfo } from '../../../../src/shared/scene';
import { UserError } from '../../../../src/shared/user-error';
import { planBlendJob } from '../../../helpers/plan-job';
import { sampleBlender, sampleBlenderScene, sampleScene } from '../../../helpers/samples';

/** A shot of three frames at half its size. */
function blenderScene(change: Partial<BlenderScene> = {}): BlenderScene {
  return sampleBlenderScene({
    name: 'Shot',
    frameStart: 10,
    frameEnd: 12,
    fps: 25,
    height: 1081,
    percentage: 50,
    camera: 'Main',
    cameras: ['Main', 'Top'],
    output: '/tmp/',
    ...change,
  });
}

const usual = sampleBlender('3.4.1', { default: true });

function infoOf(scenes: BlenderScene[], version = '3.4'): SceneInfo {
  return sampleScene({
    path: '/films/cat/shot.blend',
    name: 'shot',
    engine: 'blender',
    cameras: scenes[0]!.cameras,
    blender: { version, activeScene: scenes[0]!.name, scenes, scripts: false },
  });
}

function plan(
  request: Partial<JobRequest>,
  change: Partial<BlenderScene> | SceneInfo = {},
  engines: EngineInfo[] = [usual],
): JobSettings {
  const info = 'path' in change ? change : infoOf([blenderScene(change as Partial<BlenderScene>)]);
  return planBlendJob({ scene: info.path, ...request }, info, '/home/me/Framegauge', { installations: engines });
}

describe('a job of a .blend', () => {
  it('has one worker where frames go on from each other, unless it asks for more', () => {
    expect(plan({}, { inSequence: true })).toMatchObject({ workers: 1, order: 'sequence' });
    expect(plan({ workers: 3 }, { inSequence: true }).workers).toBe(3);
    expect(plan({}, { inSequence: false }).workers).toBeNull();
  });

  it('takes what is left open from the active scene', () => {
    expect(plan({})).toMatchObject({
      frames: '10-12',
      width: 960,
      height: 540,
      samples: 128,
      camera: null,
      fps: 25,
      output: '/home/me/Framegauge/shot/####.png',
      installation: null,
      sceneName: null,
      renderEngine: null,
      format: 'png',
      views: [''],
    });
  });

  it('takes another scene’s values when that is asked for, and keeps its images apart', () => {
    const info = infoOf([
      blenderScene(),
      blenderScene({
        name: 'Close/up',
        frameEnd: 11,
        width: 100,
        height: 100,
        percentage: 100,
        samples: 4,
        samplesByEngine: { cycles: 4 },
        cameras: ['Near'],
      }),
    ]);
    expect(plan({ sceneName: 'Close/up', camera: 'Near' }, info)).toMatchObject({
      sceneName: 'Close/up',
      frames: '10-11',
      width: 100,
      height: 100,
      samples: 4,
      camera: 'Near',
      output: '/home/me/Framegauge/shot/Close_up/Near/####.png',
    });
    expect(() => plan({ sceneName: 'Wide' }, info)).toThrow('shot has no scene “Wide”: it has “Shot”, “Close/up”.');
    expect(() => plan({ camera: 'Near' }, info)).toThrow('shot has no camera “Near”: its cameras are “Main”, “Top”.');
  });

  it('renders every Nth frame where the scene has a step', () => {
    expect(plan({}, { frameStart: 1, frameEnd: 8, frameStep: 3 }).frames).toBe('1,4,7');
    expect(plan({ frames: '1-4' }, { frameStep: 3 }).frames).toBe('1-4');
  });

  it('takes pixels as they are given, and a percentage in place of the scene’s', () => {
    expect(plan({ width: 1000, height: 500 })).toMatchObject({ width: 1000, height: 500 });
    expect(plan({ percentage: 100 })).toMatchObject({ width: 1920, height: 1081 });
    expect(plan({ percentage: 10, width: 1000, height: 500 })).toMatchObject({ width: 100, height: 50 });
  });

  it('takes the samples that the file has for the engine that is asked for', () => {
    expect(plan({ renderEngine: 'EEVEE' })).toMatchObject({ samples: 64, renderEngine: 'eevee' });
    expect(plan({ renderEngine: 'BLENDER_EEVEE_NEXT' })).toMatchObject({ samples: 64, renderEngine: 'eevee' });
    expect(plan({ renderEngine: 'LUXCORE' })).toMatchObject({ samples: 128, renderEngine: 'LUXCORE' });
    expect(plan({ renderEngine: 'eevee', samples: 5 })).toMatchObject({ samples: 5, renderEngine: 'eevee' });
    expect(plan({}, { renderEngine: 'LUXCORE', samples: null }).samples).toBe(1);
  });

  it.each([
    ['//render/cat_', 'png', '/films/cat/render/cat_.png'],
    ['//..\\out\\cat_##.JPG', 'jpeg', '/films/out/cat_##.JPG'],
    ['//', 'webp', '/home/me/Framegauge/shot/####.webp'],
    ['//render/', 'exr-multilayer', '/films/cat/render/####.exr'],
    ['/mnt/farm/cat.png', 'tiff', '/mnt/farm/cat.tif'],
    ['//cat.mp4', null, '/films/cat/cat.png'],
    ['/tmp/', 'png', '/home/me/Framegauge/shot/####.png'],
    ['/tmp\\', 'exr', '/home/me/Framegauge/shot/####.exr'],
    ['', 'png', '/home/me/Framegauge/shot/####.png'],
    ['renders/cat', 'png', '/home/me/Framegauge/shot/####.png'],
  ] as const)('writes where the file says: %j as %s is %s', (output, format, expected) => {
    expect(plan({}, { output, format, movie: format === null }).output).toBe(expected);
  });

  it('keeps the images of a copied scene apart from those of the scene that it was copied from', () => {
    const scenes = [
      blenderScene({ output: '//render/' }),
      blenderScene({ name: 'Copy', output: '//render/' }),
      blenderScene({ name: 'Own', output: '//own/' }),
    ];
    const output = (sceneName: string): string => plan({ sceneName }, infoOf(scenes)).output;
    expect(['Shot', 'Copy', 'Own'].map(output)).toEqual([
      '/films/cat/render/####.png',
      '/home/me/Framegauge/shot/Copy/####.png',
      '/films/cat/own/####.png',
    ]);
  });

  it('does not write beside a copy that a browser sent', () => {
    const info = infoOf([blenderScene({ output: '//render/' })]);
    const output = (uploaded: boolean): string =>
      planBlendJob({ scene: info.path }, info, '/home/me/Framegauge', { installations: [usual], uploaded }).output;
    expect(output(true)).toBe('/home/me/Framegauge/shot/####.png');
    expect(output(false)).toBe('/films/cat/render/####.png');
  });

  it('writes in the format that is asked for, else as the output ends, else as the file says', () => {
    expect(plan({ format: 'jpeg' }, { format: 'exr' })).toMatchObject({
      format: 'jpeg',
      output: '/home/me/Framegauge/shot/####.jpg',
    });
    expect(plan({ format: 'jpeg' }, { output: '//x.exr' })).toMatchObject({
      format: 'jpeg',
      output: '/films/cat/x.jpg',
    });
    expect(plan({ output: '/out/a.webp' })).toMatchObject({ format: 'webp', output: '/out/a.webp' });
    expect(plan({ output: '/out/a.exr' })).toMatchObject({ format: 'exr' });
    expect(plan({ output: '/out/a.exr' }, { format: 'exr-multilayer' })).toMatchObject({ format: 'exr-multilayer' });
    expect(plan({ output: '/out/a.exr', format: 'exr' }, { format: 'exr-multilayer' })).toMatchObject({
      format: 'exr',
    });
    expect(plan({ output: '/out/' }, { format: 'tiff' })).toMatchObject({ format: 'tiff', output: '/out/####.tif' });
    expect(() => plan({ output: '/out/a.mov' })).toThrow(
      'Images are written as PNG, JPEG, OpenEXR, OpenEXR MultiLayer, WebP, TIFF, BMP, Targa, Radiance HDR or JPEG 2000: let the output “/out/a.mov” end with .png.',
    );
  });

  it.each([
    ['none', {}, null],
    ['a crop', { crop: { left: 0.25, right: 0.75, bottom: Math.fround(0.1), top: 0.5 } }, { width: 480, height: 216 }],
    ['views side by side', { joinedViews: 'side-by-side' }, { width: 1920, height: 540 }],
    ['views above each other', { joinedViews: 'top-bottom' }, { width: 960, height: 1080 }],
  ] as const)('knows the size that its images have with %s', (_what, change, imageSize) => {
    expect(plan({}, change).imageSize).toEqual(imageSize);
  });

  it('has the views of the scene', () => {
    expect(plan({}, { views: ['_L', '_R'] }).views).toEqual(['_L', '_R']);
  });

  it('has them in files of their own where its format cannot hold them all', () => {
    const together = { views: [''], separateViews: ['_L', '_R'], format: 'exr' } as const;
    const scene = { ...together, views: [...together.views], separateViews: [...together.separateViews] };
    expect(plan({}, scene).views).toEqual(['']);
    expect(plan({ format: 'exr-multilayer' }, scene).views).toEqual(['']);
    expect(plan({ format: 'png' }, scene).views).toEqual(['_L', '_R']);
  });

  it('goes with the usual Blender unless another is named, or the file is too new for it', () => {
    const engines = [usual, sampleBlender('4.2.0'), sampleBlender('4.5.1')];
    expect(plan({}, {}, engines).installation).toBeNull();
    expect(plan({ engine: 'blender' }, {}, engines).installation).toBeNull();
    expect(plan({ engine: 'blender-4.5.1' }, {}, engines).installation).toBe('blender-4.5.1');
    expect(plan({}, infoOf([blenderScene()], '4.1'), engines).installation).toBe('blender-4.2.0');
    expect(plan({}, infoOf([blenderScene()], '5.0'), engines).installation).toBeNull();
    expect(() => plan({ engine: 'blender-2.79' }, {}, engines)).toThrow(
      'There is no engine “blender-2.79” here: choose one of blender-3.4.1, blender-4.2.0, blender-4.5.1.',
    );
    expect(() => plan({ engine: 'gltf' }, {}, engines)).toThrow('which the glTF engine does not render');
  });

  it('is refused with the way to install Blender where there is none', () => {
    const error = (() => {
      try {
        plan({}, { ...infoOf([blenderScene()]), blender: null }, []);
      } catch (thrown) {
        return thrown as UserError;
      }
      return null;
    })();
    expect(error).toBeInstanceOf(UserError);
    expect(error?.kind).toBe('failed');
    expect(error?.message).toContain('Blender was not found on this machine');
  });
});
