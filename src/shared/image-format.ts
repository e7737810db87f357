import { z } from 'zod';

/** What images are written as. Both kinds of OpenEXR end with `.exr`; `exr-multilayer` holds all passes of all view layers in one file. */
export const imageFormatSchema = z.enum(['png', 'jpeg', 'exr', 'exr-multilayer', 'webp', 'tiff']);
export type ImageFormat = z.infer<typeof imageFormatSchema>;

export interface ImageFormatInfo {
  /** As a person knows it. */
  readonly name: string;
  /** The ending that it is written with, as Blender writes it: with its dot, in small letters. */
  readonly extension: string;
  /** All endings that it is known by, `extension` first. */
  readonly extensions: readonly string[];
  readonly mediaType: string;
  /** Whether browsers show it as it is; of the others there are previews. */
  readonly shownByBrowsers: boolean;
}

export const imageFormats: Readonly<Record<ImageFormat, ImageFormatInfo>> = {
  png: { name: 'PNG', extension: '.png', extensions: ['.png'], mediaType: 'image/png', shownByBrowsers: true },
  jpeg: {
    name: 'JPEG',
    extension: '.jpg',
    extensions: ['.jpg', '.jpeg'],
    mediaType: 'image/jpeg',
    shownByBrowsers: true,
  },
  exr: { name: 'OpenEXR', extension: '.exr', extensions: ['.exr'], mediaType: 'image/x-exr', shownByBrowsers: false },
  'exr-multilayer': {
    name: 'OpenEXR MultiLayer',
    extension: '.exr',
    extensions: ['.exr'],
    mediaType: 'image/x-exr',
    shownByBrowsers: false,
  },
  webp: { name: 'WebP', extension: '.webp', extensions: ['.webp'], mediaType: 'image/webp', shownByBrowsers: true },
  tiff: {
    name: 'TIFF',
    extension: '.tif',
    extensions: ['.tif', '.tiff'],
    mediaType: 'image/tiff',
    shownByBrowsers: false,
  },
};

/** The image ending of a path as it is written there, with its dot; '' where it has none that belongs to a format. */
export function imageEndingOf(path: string): string {
  const ending = /\.[^./\\]*$/.exec(path)?.[0] ?? '';
  return formatOfEnding(ending) === null ? '' : ending;
}

/** The format that a path's ending tells; for `.exr` it is `exr`, since only the file can tell whether it has layers. null where the ending is no image's. */
export function formatOfPath(path: string): ImageFormat | null {
  return formatOfEnding(/\.[^./\\]*$/.exec(path)?.[0] ?? '');
}

function formatOfEnding(ending: string): ImageFormat | null {
  return (
    imageFormatSchema.options.find((format) => imageFormats[format].extensions.includes(ending.toLowerCase())) ?? null
  );
}
