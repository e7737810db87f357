import { z } from 'zod';
import { t } from '../../shared/texts/translate';

const resource = z.looseObject({ uri: z.string().optional(), mimeType: z.string().optional() });
/** The only parts of a .gltf that name other files (glTF 2.0 §3.6.1.1 and §3.8.2). */
const gltfSchema = z.looseObject({ buffers: z.array(resource).optional(), images: z.array(resource).optional() });

const IMAGE_TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  ktx2: 'image/ktx2',
  avif: 'image/avif',
};

/**
 * Makes a .gltf that was dropped together with its buffers and textures into one file, with them inside as data URIs:
 * only one file can be uploaded for a scene.
 *
 * @throws Error naming the files that are missing
 */
export async function embedGltf(scene: File, others: readonly File[]): Promise<File> {
  let json: unknown;
  try {
    json = JSON.parse(await scene.text());
  } catch {
    throw new Error(t('“{name}” is not a glTF file: its text is not JSON. Export it again.', { name: scene.name }));
  }
  const gltf = gltfSchema.safeParse(json);
  if (!gltf.success)
    throw new Error(
      t('“{name}” is not a glTF file: its buffers or images cannot be read. Export it again.', { name: scene.name }),
    );
  const external = [...(gltf.data.buffers ?? []), ...(gltf.data.images ?? [])].filter(
    (part) => part.uri !== undefined && !part.uri.startsWith('data:'),
  );
  if (external.length === 0) return scene;

  const byName = new Map(others.map((file) => [file.name, file]));
  const missing = new Set<string>();
  for (const part of external) {
    const name = fileNameOf(part.uri!);
    const file = byName.get(name);
    if (!file) {
      missing.add(name);
      continue;
    }
    part.uri = await toDataUri(
      file,
      part.mimeType ?? IMAGE_TYPES[name.split('.').at(-1)!.toLowerCase()] ?? 'application/octet-stream',
    );
  }
  if (missing.size > 0) {
    const shown = [...missing].slice(0, 3).join(', ');
    const list = missing.size > 3 ? t('{shown} and {left} more', { shown, left: missing.size - 3 }) : shown;
    throw new Error(
      t(
        '“{name}” needs files that were not dropped with it ({list}): drop them together, or open the scene by its path with File › Open.',
        { name: scene.name, list },
      ),
    );
  }
  return new File([JSON.stringify(gltf.data)], scene.name, { type: 'model/gltf+json' });
}

function fileNameOf(uri: string): string {
  const name = uri.split(/[?#]/)[0]!.split('/').at(-1)!;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

async function toDataUri(file: File, type: string): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pieces: string[] = [];
  // In slices that are a multiple of three bytes long, so that their base64 can be joined, and short enough to be
  // arguments.
  for (let at = 0; at < bytes.length; at += 0x6000)
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 0x6000))));
  return `data:${type};base64,${pieces.join('')}`;
}
