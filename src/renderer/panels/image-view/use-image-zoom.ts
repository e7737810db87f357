import { useApp, useAppState } from '../../app-context';
import { FIT, pixelForPixel, type ImageZoom } from '../../model/image-zoom';

/** How the image stands in its stage: as the settings have it, until the person zooms or pans. */
export function useImageZoom(): { zoom: ImageZoom; setZoom: (zoom: ImageZoom) => void } {
  const { actions } = useApp();
  const usual = useAppState((state) => state.view.zoom);
  const free = useAppState((state) => state.imageView.zoom);
  return {
    zoom: free ?? (usual === 'fit' ? FIT : pixelForPixel(FIT)),
    setZoom(zoom) {
      actions.setImageView({ zoom: zoom.kind === 'fit' ? null : zoom });
      // What was chosen last is how the window begins the next time.
      const kind = zoom.kind === 'fit' ? 'fit' : zoom.scale === 1 ? 'full' : usual;
      if (kind !== usual) actions.setView({ zoom: kind });
    },
  };
}
