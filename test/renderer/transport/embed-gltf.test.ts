import { describe, expect, it } from 'vitest';
import { embedGltf } from '../../../src/renderer/transport/embed-gltf';
import { scenesIn } from '../../../src/renderer/transport/dropped-files';

const scene = (json: unknown): File => new File([typeof json === 'string' ? json : JSON.stringify(json)], 'a.gltf');

describe('a .gltf dropped with its files', () => {
  it('becomes one file with them inside, byte for byte', async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 251);
    const whole = await embedGltf(
      scene({
        asset: { version: '2.0' },
        buffers: [{ uri: 'my%20data.bin', byteLength: 100_000 }],
        images: [{ uri: 'textures/wood.png' }, { bufferView: 1 }],
      }),
      [new File([bytes], 'my data.bin'), new File(['png'], 'wood.png')],
    );
    const json = JSON.parse(await whole.text());
    expect(json.asset).toEqual({ version: '2.0' });
    expect(json.buffers[0].uri).toMatch(/^data:application\/octet-stream;base64,/);
    expect(new Uint8Array(Buffer.from(json.buffers[0].uri.split(',')[1], 'base64'))).toEqual(bytes);
    expect(json.images).toEqual([{ uri: 'data:image/png;base64,cG5n' }, { bufferView: 1 }]);
  });

  it('is left alone when nothing is outside of it', async () => {
    const alone = scene({ asset: { version: '2.0' }, buffers: [{ uri: 'data:;base64,AA==' }] });
    expect(await embedGltf(alone, [])).toBe(alone);
  });

  it('says which files are missing and what to do', async () => {
    await expect(
      embedGltf(scene({ buffers: [{ uri: 'a.bin' }], images: [{ uri: 'b.png' }] }), [new File([''], 'a.bin')]),
    ).rejects.toThrow(
      '“a.gltf” needs files that were not dropped with it (b.png): drop them together, or open the scene by its path with File › Open.',
    );
  });

  it('says so when it is no glTF at all', async () => {
    await expect(embedGltf(scene('not json'), [])).rejects.toThrow('“a.gltf” is not a glTF file');
  });
});

describe('the scene among dropped files', () => {
  it('is the only one of its kind', () => {
    expect(scenesIn([new File([''], 'a.bin'), new File([''], 'B.GLB')]).map(({ name }) => name)).toEqual(['B.GLB']);
    expect(() => scenesIn([new File([''], 'notes.txt')])).toThrow(
      '“notes.txt” is not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.',
    );
    expect(() => scenesIn(Array.from({ length: 201 }, (_, at) => new File([''], `${at}.glb`)))).toThrow(
      '201 scenes were dropped',
    );
  });
});
