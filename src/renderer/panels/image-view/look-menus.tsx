import { useState } from 'react';
import { msg, t } from '../../../shared/texts/translate';
import { useApp, type App } from '../../app-context';
import { shownFrame, shownJob } from '../../app-store';
import { Button } from '../../controls/button';
import type { MenuItem, MenuItems } from '../../controls/menu-list';
import { below, PopupMenu } from '../../controls/popup-menu';
import { formerVersion } from '../../model/compare-frames';
import { IMAGE_CHANNELS, type ImageChannel } from '../../model/image-pixels';
import type { ImageLook } from '../../model/image-viewing';
import { FIT, isPixelForPixel, pixelForPixel, type ImageZoom } from '../../model/image-zoom';

const CHANNEL_NAMES: Readonly<Record<ImageChannel, string>> = {
  'color-alpha': msg('Color and Alpha'),
  color: msg('Color'),
  red: msg('Red'),
  green: msg('Green'),
  blue: msg('Blue'),
  alpha: msg('Alpha'),
};
const SHORT: Readonly<Record<ImageChannel, string>> = {
  'color-alpha': 'RGBA',
  color: 'RGB',
  red: 'R',
  green: 'G',
  blue: 'B',
  alpha: 'A',
};

/**
 * The buttons above an image that open menus: what it is compared with, and what of it is shown. The latter also has what a
 * small image area leaves no room for.
 */
export function LookMenus({
  look,
  onLook,
  zoom,
  onZoom,
  disabled,
}: {
  look: ImageLook;
  onLook: (change: Partial<ImageLook>) => void;
  zoom: ImageZoom;
  onZoom: (zoom: ImageZoom) => void;
  /** There is no image. */
  disabled: boolean;
}) {
  const app = useApp();
  return (
    <>
      <MenuButton
        text={t('Compare')}
        name={t('Compare with another image')}
        disabled={disabled}
        items={() => compareMenu(app)}
      />
      <MenuButton
        text={SHORT[look.channel]}
        name={t('Channels and display')}
        disabled={disabled}
        items={() => [...displayMenu(app, look, onLook), ...zoomMenu(zoom, onZoom)]}
      />
    </>
  );
}

function MenuButton({
  text,
  name,
  disabled,
  items,
}: {
  text: string;
  name: string;
  disabled: boolean;
  items: () => MenuItems;
}) {
  const [at, setAt] = useState<{ x: number; y: number } | null>(null);
  return (
    <>
      <Button
        kind="bare"
        aria-haspopup="menu"
        aria-expanded={at !== null}
        aria-label={`${text}: ${name}`}
        title={name}
        disabled={disabled}
        onClick={(event) => setAt(below(event.currentTarget))}
      >
        {text}
      </Button>
      {at && <PopupMenu label={name} at={at} items={items()} onClose={() => setAt(null)} />}
    </>
  );
}

function compareMenu({ store, actions }: App): MenuItems {
  const state = store.getState();
  const job = shownJob(state);
  const frame = shownFrame(state);
  if (!job || frame === null) return [];
  const former = formerVersion(job, state.model.jobs.byId.values());
  const item = (label: string, run: () => void, disabled = false): MenuItem => ({ label, run, disabled });
  return [
    item(t('Frame Before'), () => actions.compareWith('before')),
    item(t('Hold This Frame'), () => actions.compareWith({ jobId: job.id, frame })),
    item(
      former ? t('Version Before: {job}', { job: former.name }) : t('Version Before'),
      () => former && actions.compareWith({ jobId: former.id, frame: null }),
      former === null,
    ),
    null,
    item(t('Stop Comparing'), () => actions.compareWith(null), state.compared === null),
  ];
}

function displayMenu(
  { store, actions }: App,
  look: ImageLook,
  onLook: (change: Partial<ImageLook>) => void,
): MenuItems {
  const { view } = store.getState();
  return [
    { heading: t('Channels') },
    ...IMAGE_CHANNELS.map((channel) => ({
      label: t(CHANNEL_NAMES[channel]),
      checked: look.channel === channel,
      run: () => onLook({ channel }),
    })),
    { heading: t('Show') },
    {
      label: t('Histogram'),
      checked: view.histogram,
      run: () => actions.setView({ histogram: !view.histogram }),
    },
    {
      label: t('Pixel Values'),
      checked: view.pixelValues,
      run: () => actions.setView({ pixelValues: !view.pixelValues }),
    },
    {
      label: t('Checker'),
      checked: view.backdrop === 'checker',
      title: t('Show a checkerboard behind transparent areas'),
      run: () => actions.setView({ backdrop: view.backdrop === 'checker' ? 'neutral' : 'checker' }),
    },
  ];
}

function zoomMenu(zoom: ImageZoom, onZoom: (zoom: ImageZoom) => void): MenuItems {
  return [
    { heading: t('Zoom') },
    { label: t('Fit'), keys: 'Home', checked: zoom.kind === 'fit', run: () => onZoom(FIT) },
    { label: '1:1', keys: '1', checked: isPixelForPixel(zoom), run: () => onZoom(pixelForPixel(zoom)) },
  ];
}
