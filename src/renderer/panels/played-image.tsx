import { useEffect, useRef, useState } from 'react';
import { useApp } from '../app-context';
import type { PlayedPicture } from '../playback/played-pictures';

/** The picture that is played, drawn without React: only where its size changes are components called. */
export function PlayedImage({
  className,
  scale,
  label,
}: {
  className: string;
  /** Pixels of the screen for one of the image, given its size. */
  scale: (image: { width: number; height: number }) => number;
  label: string;
}) {
  const { pictures } = useApp();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);

  useEffect(() => {
    const draw = (picture: PlayedPicture | null): void => {
      if (!picture || !canvas.current) return;
      paint(canvas.current, picture.bitmap);
      const { width, height } = picture;
      setSize((before) => (before?.width === width && before.height === height ? before : { width, height }));
    };
    draw(pictures.current());
    return pictures.subscribe(draw);
  }, [pictures]);

  const factor = size ? scale(size) : 1;
  return (
    <canvas
      ref={canvas}
      className={className}
      role="img"
      aria-label={label}
      style={{
        width: size ? Math.max(1, Math.round(size.width * factor)) : 0,
        height: size ? Math.max(1, Math.round(size.height * factor)) : 0,
      }}
    />
  );
}

function paint(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
  }
  const context = canvas.getContext('2d');
  context?.clearRect(0, 0, canvas.width, canvas.height);
  context?.drawImage(bitmap, 0, 0);
}
