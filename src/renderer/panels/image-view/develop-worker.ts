import type { LinearImage } from '../../../shared/linear-image';
import { developImage, type ViewTransform } from '../../model/develop-image';

/** The light that what is asked for from now on is developed from, or how it is to be developed. */
export type DevelopRequest =
  { readonly light: LinearImage } | { readonly id: number; readonly exposure: number; readonly view: ViewTransform };

export interface DevelopReply {
  readonly id: number;
  readonly bitmap: ImageBitmap;
}

const scope = self as unknown as {
  addEventListener(type: 'message', listener: (event: MessageEvent<DevelopRequest>) => void): void;
  postMessage(reply: DevelopReply, transfer: Transferable[]): void;
};

let light: LinearImage | null = null;

scope.addEventListener('message', ({ data }) => {
  if ('light' in data) {
    light = data.light;
    return;
  }
  const { width, height, rgba } = developImage(light!, data);
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')!.putImageData(new ImageData(rgba, width, height), 0, 0);
  const bitmap = canvas.transferToImageBitmap();
  scope.postMessage({ id: data.id, bitmap }, [bitmap]);
});
