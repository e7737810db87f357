/**
 * Supported image formats. Both kinds of OpenEXR have the extension `.exr`; `exr-multilayer` holds all passes of all
 * view layers in one file.
 */
export const IMAGE_FORMATS = [
  'png',
  'jpeg',
  'exr',
  'exr-multilayer',
  'webp',
  'tiff',
  'bmp',
  'targa',
  'hdr',
  'jpeg2000',
] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

export interface ImageFormatInfo {
  /** Display name. */
  readonly name: string;
  /** Extension that it is written with, like Blender: with its dot, in lower case. */
  readonly extension: string;
  /** All recognized extensions, `extension` first. */
  readonly extensions: readonly string[];
  readonly mediaType: string;
  /** Whether browsers can display it; the others need a preview. */
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
  bmp: { name: 'BMP', extension: '.bmp', extensions: ['.bmp'], mediaType: 'image/bmp', shownByBrowsers: true },
  targa: { name: 'Targa', extension: '.tga', extensions: ['.tga'], mediaType: 'image/x-tga', shownByBrowsers: false },
  hdr: {
    name: 'Radiance HDR',
    extension: '.hdr',
    extensions: ['.hdr'],
    mediaType: 'image/vnd.radiance',
    shownByBrowsers: false,
  },
  jpeg2000: {
    name: 'JPEG 2000',
    extension: '.jp2',
    extensions: ['.jp2'],
    mediaType: 'image/jp2',
    shownByBrowsers: false,
  },
};

/** The image extension of a path as written, with its dot; '' where it is not that of a known format. */
export function imageEndingOf(path: string): string {
  const ending = /\.[^./\\]*$/.exec(path)?.[0] ?? '';
  return formatOfEnding(ending) === null ? '' : ending;
}

/**
 * The format implied by a path's extension; `exr` for `.exr`, since only the file's content shows whether it has
 * layers. null where it is not an image's extension.
 */
export function formatOfPath(path: string): ImageFormat | null {
  return formatOfEnding(/\.[^./\\]*$/.exec(path)?.[0] ?? '');
}

/** Extensions of movies, and of images in formats that are not written here. */
const OTHER_FORMAT = new RegExp(
  `\\.(${[
    'gif|apng|avif|avifs|heic|heif|jxl|jpe|jfif|j2k|j2c|jpc|jpf|jpx|ico|svg|psd|psb|pdf|dds|ktx2?|xcf|kra',
    'dpx|cin|sxr|rgb|rgba|bw|sgi|pic|pbm|pgm|ppm|pnm|pam|pfm|dng',
    'mp4|mkv|avi|mov|qt|webm|og[gv]|mpe?g|m[12]v|m4v|flv|m2ts?|mts|mxf|wmv|asf|3gp|vob|dv|divx|y4m',
  ].join('|')})$`,
  'i',
);

/** Whether a path asks, by its extension, for a format in which no images are written here. */
export function namesOtherFormat(path: string): boolean {
  return formatOfPath(path) === null && OTHER_FORMAT.test(path);
}

function formatOfEnding(ending: string): ImageFormat | null {
  return IMAGE_FORMATS.find((format) => imageFormats[format].extensions.includes(ending.toLowerCase())) ?? null;
}
