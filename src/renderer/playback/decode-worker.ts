/** Asks for the pixels of an image: at most `side` on its longer side, all of them without. */
export interface DecodeRequest {
  readonly id: number;
  readonly blob: Blob;
  readonly side: number | null;
}

/** The picture, or null for what cannot be decoded; width and height are the image's own. */
export interface DecodeReply {
  readonly id: number;
  readonly bitmap: ImageBitmap | null;
}

const scope = self as unknown as {
  addEventListener(type: 'message', listener: (event: MessageEvent<DecodeRequest>) => void): void;
  postMessage(reply: DecodeReply, transfer: Transferable[]): void;
};

scope.addEventListener('message', ({ data }) => {
  void decode(data).then((bitmap) => scope.postMessage({ id: data.id, bitmap }, bitmap ? [bitmap] : []));
});

async function decode({ blob, side }: DecodeRequest): Promise<ImageBitmap | null> {
  try {
    const whole = await createImageBitmap(blob);
    const longer = Math.max(whole.width, whole.height);
    // To scale by a little costs more than it saves.
    if (side === null || longer <= side * 1.25) return whole;
    const scaled = await createImageBitmap(whole, {
      resizeWidth: Math.max(1, Math.round((whole.width * side) / longer)),
      resizeHeight: Math.max(1, Math.round((whole.height * side) / longer)),
      resizeQuality: 'low',
    });
    whole.close();
    return scaled;
  } catch {
    return null;
  }
}
