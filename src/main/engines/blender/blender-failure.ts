import type { FailureCode } from '../../../shared/failures';
import { imageFormats, type ImageFormat } from '../../../shared/image-format';
import { shortened } from '../../../shared/shortened';
import type { BlenderCause } from '../../../shared/worker-protocol';
import { FrameError, type RenderRequest } from '../render-engine';
import { outsideSentence } from './blend-access';

/** Explanation of a failure before its log is considered. */
interface Explanation {
  readonly message: string;
  readonly final: boolean;
  readonly kind?: FrameError['kind'];
  readonly failure?: FailureCode;
}

const DEVICES: Readonly<Record<string, string>> = {
  cuda: 'CUDA',
  optix: 'OptiX',
  hip: 'HIP',
  oneapi: 'oneAPI',
  metal: 'Metal',
};

const NO_MEMORY =
  /out of memory|out of GPU memory|bad_alloc|(?:m|c)alloc returns null|MemoryError|cannot allocate memory/i;

/** Whether a printed line reports a lack of memory. */
export function saysNoMemory(line: string): boolean {
  return NO_MEMORY.test(line);
}

/** What to do about a lack of memory, as a sentence. */
export const MEMORY_ADVICE =
  'let fewer workers render at once, lower the size of the image or of the scene’s textures, or use a machine with more memory';

/**
 * The error for a frame that the driver could not render.
 *
 * @param version of the Blender that failed
 * @param log what it printed meanwhile
 */
export function blenderFailure(
  cause: BlenderCause,
  text: string,
  request: RenderRequest,
  version: string,
  log: readonly string[],
): FrameError {
  const told = text.replace(/\s+/g, ' ').trim();
  // A lack of memory may surface later as another error, such as a tile file that can't be opened: only the log tells.
  const starved = cause === 'render' && !saysNoMemory(told) && log.some(saysNoMemory);
  const { message, final, kind, failure } = explain(starved ? 'memory' : cause, told, request, version);
  return new FrameError(message, final, kind, log, failure ?? FAILURES[cause] ?? kind);
}

/** What was wrong, for the causes that tell more than the kind of their failure. */
const FAILURES: Readonly<Partial<Record<BlenderCause, FailureCode>>> = {
  missing: 'scene',
  'not-a-file': 'scene',
  unreadable: 'scene',
  'not-a-blend': 'scene',
  load: 'scene',
  newer: 'newer',
  outside: 'outside',
  'no-scene': 'scene',
  'no-such-camera': 'camera',
  'no-engine': 'program',
  'no-format': 'program',
  'no-device': 'device',
};

function explain(cause: BlenderCause, text: string, request: RenderRequest, version: string): Explanation {
  const { scene, camera, sceneName, frame } = request;
  const final = (message: string): Explanation => ({ message, final: true });
  const again = (message: string, kind?: FrameError['kind']): Explanation => ({ message, final: false, kind });
  switch (cause) {
    case 'missing':
      return final(`The scene “${scene}” is not there: put it back, or queue it again from where it is now.`);
    case 'not-a-file':
      return final(`The scene “${scene}” is no file: name the .blend file itself.`);
    case 'unreadable':
      return final(`The scene “${scene}” can’t be read (${text}): see to it that you may read the file.`);
    case 'not-a-blend':
      return final(
        `The scene “${scene}” is no Blender file${text ? ` (${text})` : ''}: open it in Blender and save it anew, or name another file.`,
      );
    case 'newer':
      return final(
        `The scene “${scene}” was saved by Blender ${text}, which is newer than the Blender ${version} here: choose a newer Blender for this job, or save the scene for ${version}.`,
      );
    case 'load':
      return final(
        `Blender can’t read the scene “${scene}” (${text}): the file is damaged or was cut off, so copy it again or take Blender’s backup of it (.blend1).`,
      );
    case 'outside':
      return final(outsideSentence(scene, text));
    case 'no-scene':
      return final(`There is no scene “${shortened(sceneName ?? '')}” in “${scene}”: choose one of ${text}.`);
    case 'no-such-camera':
      return final(
        `The scene has no camera “${shortened(camera ?? '')}”: ${text === '' ? 'it has none at all, add one in Blender' : `choose one of ${text}`}.`,
      );
    case 'no-engine':
      return final(
        `The render engine “${text}” is not available in this Blender ${version}: install or enable its add-on for the user who runs Framegauge, or choose another render engine for this job.`,
      );
    case 'no-format':
      return final(
        `This Blender ${version} can’t write ${nameOf(request.format)} images: choose another format for this job.`,
      );
    case 'no-size':
      return final(
        `This Blender ${version} can’t render images of ${request.width} × ${request.height} pixels, only of ${text}: choose a smaller size for this job.`,
      );
    case 'no-device':
      return final(
        `Cycles finds no ${text === 'gpu' ? 'graphics card that it can use' : `device for ${DEVICES[text] ?? text}`} in this machine: leave the device out, or render with “cpu”.`,
      );
    case 'render':
      return explainRender(text, request, version);
    case 'cancelled':
      return again(`Blender gave frame ${frame} up without saying why: its log may tell.`);
    case 'no-image':
      return again(
        `Blender said that frame ${frame} was rendered, but wrote no image: a script of the scene may have changed where it goes.`,
        'output',
      );
    case 'output':
      return again(`Frame ${frame} could not be written: ${text}.`, 'output');
    case 'memory':
      return again(`There was not enough memory for frame ${frame}: ${MEMORY_ADVICE}.`, 'memory');
    case 'driver':
      return again(
        `Framegauge’s script inside of Blender ${version} failed (${text}): please report it with the log of this frame.`,
      );
  }
}

function explainRender(text: string, { frame }: RenderRequest, version: string): Explanation {
  if (/no camera/i.test(text)) {
    return {
      message:
        'The scene has no camera to render from: add one in Blender (Add → Camera) and make it the scene’s active camera, or choose a camera for this job.',
      final: true,
      failure: 'camera',
    };
  }
  if (/OpenImageDenoise|No device available to denoise/i.test(text)) {
    return {
      message: `The scene wants denoising, which this Blender ${version} was built without (OpenImageDenoise): turn it off in the scene (Render Properties → Sampling → Render → Denoise), or use a Blender from blender.org.`,
      final: true,
      failure: 'program',
    };
  }
  if (saysNoMemory(text))
    return {
      message: `There was not enough memory for frame ${frame} (${text}): ${MEMORY_ADVICE}.`,
      final: false,
      kind: 'memory',
    };
  const cannotSave = /Render error \((.*?)\) cannot save/i.exec(text);
  if (cannotSave) {
    const hopeless = /Permission denied|Read-only file system/i.test(text);
    return {
      message: `The image of frame ${frame} could not be written (${cannotSave[1]}): see to it that the output folder is there, has room and may be written to.`,
      final: hopeless,
      kind: 'output',
    };
  }
  return { message: `Blender could not render frame ${frame}: ${text.replace(/\.$/, '')}.`, final: false };
}

function nameOf(format: ImageFormat): string {
  return imageFormats[format].name;
}
