import { useState } from 'react';
import type { MachineInfo } from '../../shared/machines';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import type { MenuItems } from '../controls/menu-list';
import { PopupMenu, below } from '../controls/popup-menu';
import { formatBytes, formatMoment, formatRate } from '../model/format';
import { framesPerMinute } from '../model/machine-pace';
import { enginesWords, MACHINE_STATES, rendersOn } from '../model/machine-view';
import { useToday } from '../panels/use-today';
import { ForgetMachineDialog } from './forget-machine-dialog';

interface OpenMenu {
  readonly id: string;
  readonly at: { readonly x: number; readonly y: number };
}

/** One line for each machine, by name. */
export function MachineTable({ machines }: { machines: readonly MachineInfo[] }) {
  const { actions } = useApp();
  const [menu, setMenu] = useState<OpenMenu | null>(null);
  const [forgetting, setForgetting] = useState<MachineInfo | null>(null);
  const open = machines.find(({ id }) => id === menu?.id);
  const itemsOf = (machine: MachineInfo): MenuItems => [
    { label: t('List Its Jobs'), run: () => actions.listJobsOf(machine) },
    null,
    ...(machine.paused
      ? [{ label: t('Resume'), changes: true, run: () => void actions.resumeMachine(machine.id) }]
      : [
          {
            label: t('Pause After Its Frames'),
            changes: true,
            run: () => void actions.pauseMachine(machine.id, 'frame'),
          },
          { label: t('Pause Now'), changes: true, run: () => void actions.pauseMachine(machine.id, 'now') },
        ]),
    ...(machine.state === 'cut-off'
      ? [{ label: t('Wake'), changes: true, run: () => void actions.wakeMachine(machine) }]
      : []),
    null,
    { label: t('Take Out of the Farm…'), changes: true, run: () => setForgetting(machine) },
  ];
  return (
    <div className="machines-scroll scroll" role="region" aria-label={t('List of machines')} tabIndex={0}>
      <table className="machine-table">
        <thead>
          <tr>
            <th scope="col">{t('State')}</th>
            <th scope="col">{t('Name')}</th>
            <th scope="col" className="machine-doing">
              {t('Renders')}
            </th>
            <th scope="col" className="machine-number">
              {t('Frames/min')}
            </th>
            <th scope="col" className="machine-number">
              {t('Workers')}
            </th>
            <th scope="col" className="machine-number machine-wide">
              {t('Memory')}
            </th>
            <th scope="col" className="machine-wide">
              {t('Engines')}
            </th>
            <th scope="col" className="machine-wide">
              {t('Roots')}
            </th>
            <th scope="col" className="machine-error">
              {t('Last error')}
            </th>
            <th scope="col" className="machine-wide">
              {t('Version')}
            </th>
            <th scope="col">
              <span className="visually-hidden">{t('Actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {machines.map((machine) => (
            <MachineRow key={machine.id} machine={machine} onMenu={(at) => setMenu({ id: machine.id, at })} />
          ))}
        </tbody>
      </table>
      {menu && open && (
        <PopupMenu
          label={t('Actions for {name}', { name: open.name })}
          items={itemsOf(open)}
          at={menu.at}
          onClose={() => setMenu(null)}
        />
      )}
      {forgetting && <ForgetMachineDialog machine={forgetting} onClose={() => setForgetting(null)} />}
    </div>
  );
}

function MachineRow({ machine, onMenu }: { machine: MachineInfo; onMenu: (at: OpenMenu['at']) => void }) {
  const today = useToday();
  const pace = useAppState((state) => framesPerMinute(state.model.paces, machine.name));
  const { name, state, reason, frames, workers, version, lastSeen, memory, roots, lastError } = machine;
  const { words, icon, mood } = MACHINE_STATES[state];
  const there = state !== 'cut-off';
  return (
    <tr className={`machine-${mood}`}>
      <td className="machine-state">
        <Icon name={icon} />
        {t(words)}
      </td>
      <th scope="row" className="machine-name selectable">
        {name}
      </th>
      <td className="machine-doing">
        {reason === null ? <Renders machine={name} /> : <span className="machine-reason selectable">{reason}</span>}
        {!there && lastSeen !== null && (
          <span className="dim"> {t('Last heard from at {time}.', { time: formatMoment(lastSeen, today) })}</span>
        )}
      </td>
      <td className="machine-number">{state === 'rendering' && pace !== null ? formatRate(pace) : '–'}</td>
      <td
        className="machine-number"
        title={there ? t('{frames} of {workers} at work', { frames, workers }) : undefined}
      >
        {there ? `${frames}/${workers}` : '–'}
      </td>
      <td className="machine-number machine-wide" title={there && memory ? memoryTitle(memory) : undefined}>
        {there && memory ? `${Math.round((100 * memory.usedBytes) / memory.totalBytes)} %` : '–'}
      </td>
      <td className="machine-wide">{enginesWords(machine) || '–'}</td>
      <td className="machine-wide">{roots.join(', ') || '–'}</td>
      <td className="machine-error selectable" title={lastError?.reason}>
        {lastError === null ? '–' : `${formatMoment(lastError.at, today)}: ${lastError.reason}`}
      </td>
      <td className="machine-wide">{version}</td>
      <td className="machine-tools">
        <Button
          kind="bare"
          icon="dots"
          aria-label={t('Actions for {name}', { name })}
          aria-haspopup="menu"
          onClick={(event) => onMenu(below(event.currentTarget))}
        />
      </td>
    </tr>
  );
}

function memoryTitle({ usedBytes, totalBytes }: NonNullable<MachineInfo['memory']>): string {
  return t('{used} of {total} are in use', { used: formatBytes(usedBytes), total: formatBytes(totalBytes) });
}

/** As many frame numbers as fit beside a job's name; more are counted. */
const NUMBERS_SHOWN = 4;

function Renders({ machine }: { machine: string }) {
  const { actions } = useApp();
  const workers = useAppState((state) => state.model.host?.workers);
  const byId = useAppState((state) => state.model.jobs.byId);
  const jobs = rendersOn(workers ?? [], machine);
  if (jobs.length === 0) return <span className="dim">{t('Nothing')}</span>;
  return (
    <ul className="machine-jobs">
      {jobs.map(({ jobId, frames }) => {
        const left = frames.length - NUMBERS_SHOWN;
        const shown = frames.slice(0, NUMBERS_SHOWN).join(', ');
        const numbers = left > 0 ? t('{shown} and {left} more', { shown, left }) : shown;
        const job = byId.get(jobId)?.name ?? t('Job {jobId}', { jobId: String(jobId) });
        return (
          <li key={jobId}>
            <button
              type="button"
              className="machine-job"
              title={t('Show {job} (job {jobId}) in the queue', { job, jobId: String(jobId) })}
              onClick={() => actions.showInQueue(jobId)}
            >
              {job}
            </button>
            <span className="dim machine-frames">
              {t('{count, plural, one {frame {numbers}} other {frames {numbers}}}', { count: frames.length, numbers })}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
