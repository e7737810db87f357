export type VideoFormat = 'h264' | 'prores' | 'gif';
export type Quality = 'high' | 'medium' | 'small';
export type Background = 'black' | 'grey' | 'white';

export const EXTENSIONS: Readonly<Record<VideoFormat, string>> = { h264: '.mp4', prores: '.mov', gif: '.gif' };

export interface Encoding {
  readonly format: VideoFormat;
  readonly quality: Quality;
  readonly background: Background;
  /** Maximum width of a GIF, in pixels. */
  readonly gifWidth: number;
  /** Frames per second. */
  readonly fps: number;
  /** Absolute path of the concat script. */
  readonly script: string;
  /** Absolute path of the file that is written. */
  readonly output: string;
  /** Absolute path of a GIF's palette. */
  readonly palette: string;
  readonly hasAlpha: boolean;
  /** OpenEXR: linear light, and colours that are multiplied by alpha. */
  readonly isExr: boolean;
}

const CRF: Readonly<Record<Quality, number>> = { high: 16, medium: 20, small: 26 };
const PRORES: Readonly<Record<Quality, string>> = { high: 'hq', medium: 'standard', small: 'lt' };
/**
 * Each thread of an encoder keeps frames of its own: 4 with 20 frames of lookahead take 0.4 GB for 1080p and 1.2 GB for 4K,
 * and leave the other cores to the render.
 */
const THREADS = 4;
const GREY: Readonly<Record<Background, number>> = { black: 0, grey: 128, white: 255 };
/** Without tags players guess BT.601 for small videos, and colours shift. */
const BT709 = '-colorspace bt709 -color_primaries bt709 -color_trc bt709';
/** prores_ks writes the tags of the images, libx264 those of its options. */
const TO_BT709 =
  'scale=out_color_matrix=bt709:out_range=tv,setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709';
/** A GIF's delays are hundredths of a second, and browsers play those below 2 as 10. */
const MAX_GIF_FPS = 50;

/**
 * The arguments of one or two runs of ffmpeg, the last of which writes the video. A GIF's colours are chosen in a run of
 * their own: in one run ffmpeg would keep every frame in memory.
 */
export function encodingRuns(encoding: Encoding): string[][] {
  const { format, quality, output, palette } = encoding;
  const input = inputOf(encoding);
  switch (format) {
    case 'h264':
      return [
        [
          ...input,
          '-vf',
          // 4:2:0 has one colour for two pixels in both directions.
          chain(opaque(encoding), 'crop=trunc(iw/2)*2:trunc(ih/2)*2:0:0', TO_BT709, 'format=yuv420p'),
          ...words(
            `-c:v libx264 -preset medium -rc-lookahead 20 -threads ${THREADS} -crf ${CRF[quality]} ${BT709} -movflags +faststart -f mp4`,
          ),
          output,
        ],
      ];
    case 'prores': {
      const alpha = encoding.hasAlpha;
      return [
        [
          ...input,
          '-vf',
          chain(TO_BT709, `format=${alpha ? 'yuva444p10le' : 'yuv422p10le'}`),
          ...words(`-c:v prores_ks -profile:v ${alpha ? '4444 -alpha_bits 16' : PRORES[quality]} -vendor apl0`),
          ...words(`-threads ${THREADS} ${BT709} -f mov`),
          output,
        ],
      ];
    }
    case 'gif': {
      const scaled = chain(opaque(encoding), `scale=w='min(${encoding.gifWidth},iw)':h=-1:flags=lanczos`);
      return [
        [
          ...input,
          '-vf',
          chain(scaled, 'palettegen=stats_mode=full'),
          ...words('-frames:v 1 -update 1 -f image2'),
          palette,
        ],
        [
          ...input,
          '-i',
          palette,
          '-lavfi',
          `[0:v]${scaled}[s];[s][1:v]paletteuse=dither=sierra2_4a`,
          ...(encoding.fps > MAX_GIF_FPS ? ['-r', String(MAX_GIF_FPS)] : []),
          ...words('-loop 0 -f gif'),
          output,
        ],
      ];
    }
  }
}

function inputOf({ fps, script, isExr }: Encoding): string[] {
  return [
    // -xerror: an image that cannot be read would be left out without a word.
    ...words('-hide_banner -nostdin -y -xerror -loglevel error -nostats -progress pipe:1'),
    // Before -i it replaces the images' own times.
    '-r',
    String(fps),
    ...words('-threads 1'),
    ...(isExr ? ['-apply_trc', 'iec61966_2_1'] : []),
    ...words('-f concat -safe 0 -protocol_whitelist file,pipe -i'),
    script,
  ];
}

const words = (text: string): string[] => text.split(' ');

/** Puts transparent images on the background; '' where there is nothing to do. */
function opaque({ hasAlpha, isExr, background }: Encoding): string {
  if (!hasAlpha) return '';
  const grey = GREY[background];
  const alpha = isExr ? ':alpha=premultiplied' : '';
  return `format=rgba,split[v][b];[b]lutrgb=r=${grey}:g=${grey}:b=${grey}:a=maxval[bg];[bg][v]overlay=format=rgb${alpha}`;
}

const chain = (...filters: string[]): string => filters.filter((filter) => filter !== '').join(',');
