import { useState, type MouseEvent, type ReactNode } from 'react';
import type { Job } from '../../shared/jobs';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState, type App } from '../app-context';
import { shownFrame, shownJob } from '../app-store';
import type { MenuItems } from '../controls/menu-list';
import { PopupMenu } from '../controls/popup-menu';
import { frames as framesInWords } from '../model/format';
import { rowOf } from '../model/host-model';

/** What can be done with frames of a job: one, or several that are selected. */
export function frameMenu(job: Job, frames: readonly number[], { actions, store, client }: App): MenuItems {
  const table = store.getState().model.frames.get(job.id);
  const rows = frames.flatMap((frame) => rowOf(table, frame) ?? []);
  const [frame] = frames;
  const single = frames.length === 1 && frame !== undefined;
  const through = rows.filter(({ state }) => state === 'done' || state === 'failed' || state === 'skipped');
  const there = rows.filter(({ file }) => file !== null);
  const again = through.map((row) => row.frame);
  return [
    {
      label: single
        ? t('Render Again')
        : t('{count, plural, one {Render # Frame Again} other {Render # Frames Again}}', { count: again.length }),
      changes: true,
      disabled: again.length === 0,
      run: () => void actions.askToRenderFrames(job, again),
    },
    ...(job.frames.failed > 0
      ? [
          {
            label: t('Render All Failed Again ({count})', { count: job.frames.failed }),
            changes: true,
            run: () => void actions.requeue(job, 'failed'),
          },
        ]
      : []),
    null,
    ...(single
      ? [
          {
            label: t('Open Image'),
            disabled: there.length === 0,
            run: () => void actions.openFrameImage(job, frame),
          },
          ...(client.frameFile === null
            ? []
            : [
                {
                  label: t('Show in Folder'),
                  disabled: there.length === 0,
                  run: () => void actions.showFrameInFolder(job, frame),
                },
              ]),
          {
            label: t('Compare with the Frame Shown'),
            disabled: there.length === 0 || frame === shownFrame(store.getState()),
            run: () => actions.compareWith({ jobId: job.id, frame }),
          },
          { label: t('Copy Image'), disabled: there.length === 0, run: () => void actions.copyFrameImage(job, frame) },
        ]
      : []),
    {
      label: there.length > 1 ? t('Copy {count} Paths', { count: there.length }) : t('Copy Path'),
      disabled: there.length === 0,
      run: () => void actions.copyFramePaths(job, frames),
    },
    ...(single ? [null, { label: t('Show Log'), run: () => actions.showFrameLog(job, frame) }] : []),
  ];
}

interface Open {
  readonly job: number;
  readonly frames: readonly number[];
  readonly at: { readonly x: number; readonly y: number };
}

/** The menu of frames: what opens it, and the menu itself while it is open. */
export function useFrameMenu(): { open(frame: number, x: number, y: number): void; menu: ReactNode } {
  const app = useApp();
  const [open, setOpen] = useState<Open | null>(null);
  const job = useAppState((state) => (open === null ? undefined : state.model.jobs.byId.get(open.job)));
  return {
    open(frame, x, y) {
      const shown = shownJob(app.store.getState());
      if (shown) setOpen({ job: shown.id, frames: app.actions.framesForMenu(shown, frame), at: { x, y } });
    },
    menu: open && job && (
      <PopupMenu
        label={
          open.frames.length === 1
            ? t('Frame {number}', { number: String(open.frames[0]) })
            : framesInWords(open.frames.length)
        }
        items={frameMenu(job, open.frames, app)}
        at={open.at}
        onClose={() => setOpen(null)}
      />
    ),
  };
}

/** Opens the menu of the frame that is shown, over its image. */
export function ImageMenu({ className, children }: { className: string; children: ReactNode }) {
  const { store } = useApp();
  const { open, menu } = useFrameMenu();
  const onContextMenu = (event: MouseEvent): void => {
    const frame = shownFrame(store.getState());
    // Text that can be selected has the menu of the system.
    if (frame === null || (event.target as Element).closest('.messages, .selectable, input')) return;
    event.preventDefault();
    open(frame, event.clientX, event.clientY);
  };
  return (
    <div className={className} onContextMenu={onContextMenu}>
      {children}
      {menu}
    </div>
  );
}
