import { expect, it } from 'vitest';
import { blenderFailure } from '../../../../src/main/engines/blender/blender-failure';
import { FrameError, type RenderRequest } from '../../../../src/main/engines/render-engine';
import { BLENDER_CAUSES } from '../../../../src/shared/worker-protocol';
import { USUAL } from '../../../helpers/render-frame';

const request: RenderRequest = {
  ...USUAL,
  scene: '/scenes/a.blend',
  folder: '/out',
  frame: 7,
  width: 160,
  height: 90,
  samples: 4,
  camera: 'Top',
  sceneName: 'Film',
  format: 'webp',
};
const failure = (cause: (typeof BLENDER_CAUSES)[number], text = ''): FrameError =>
  blenderFailure(cause, text, request, '3.4.1', ['a line']);

it.each(BLENDER_CAUSES)('says “%s” in one sentence', (cause) => {
  const { message, log } = failure(cause, 'words\n');
  expect(message).toMatch(/^[A-Z][^\n]+\.$/);
  expect(log).toEqual(['a line']);
});

it('says what to do about what Blender says while rendering', () => {
  expect(failure('render', 'Cannot render, no camera')).toMatchObject({
    final: true,
    kind: 'render',
    message: expect.stringMatching(/no camera to render from: add one/),
  });
  expect(failure('render', 'Build without OpenImageDenoiser')).toMatchObject({
    final: true,
    kind: 'render',
    message: expect.stringMatching(/Blender 3\.4\.1 was built without .*turn it off/),
  });
  expect(failure('render', "Render error (No space left on device) cannot save: '/out/image.webp'")).toMatchObject({
    final: false,
    kind: 'output',
    message: expect.stringMatching(/could not be written \(No space left on device\)/),
  });
  expect(failure('render', "Render error (Permission denied) cannot save: '/out/image.webp'")).toMatchObject({
    final: true,
    kind: 'output',
  });
  expect(failure('render', 'System is out of GPU memory')).toMatchObject({
    final: false,
    kind: 'memory',
    message: expect.stringMatching(/not enough memory for frame 7 \(System is out of GPU memory\): let fewer workers/),
  });
  expect(failure('render', 'Something else.')).toMatchObject({
    final: false,
    kind: 'render',
    message: 'Blender could not render frame 7: Something else.',
  });
});

it('finds in the log that memory was short, where the error tells of what came of it', () => {
  const log = [
    'ERROR Error opening tile file: Could not open "/tmp/tile.exr" (std::bad_alloc)',
    'Error: Error writing tile to file',
  ];
  expect(blenderFailure('render', 'Error: Error writing tile to file', request, '5.2.2', log)).toMatchObject({
    final: false,
    kind: 'memory',
    message: expect.stringMatching(/^There was not enough memory for frame 7: /),
    log,
  });
});

it('knows what trying again can’t help', () => {
  const again = BLENDER_CAUSES.filter((cause) => !failure(cause).final);
  expect(again).toEqual(['render', 'cancelled', 'no-image', 'output', 'memory', 'driver']);
});
