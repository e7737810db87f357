import { useState } from 'react';
import type { MachineInfo } from '../../shared/machines';
import { t } from '../../shared/texts/translate';
import { useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { describeFarm } from '../model/machine-view';
import { Area } from '../panels/area';
import { InviteMachine } from './invite-machine';
import { MachineTable } from './machine-table';
import './machines.css';

const NONE: readonly MachineInfo[] = [];

/** The machines of the farm: what each does, and what keeps it from rendering. */
export function MachinesWorkspace() {
  const machines = useAppState((state) => state.model.host?.machines ?? NONE);
  const [inviting, setInviting] = useState(false);
  const empty = machines.length === 0;
  return (
    <Area
      name={t('Machines')}
      className="machines"
      lead={!empty && <span className="dim">{describeFarm(machines)}</span>}
      tools={
        !empty && (
          <Button icon="machine" changes aria-expanded={inviting} onClick={() => setInviting(!inviting)}>
            {t('Add Machine')}
          </Button>
        )
      }
    >
      {!empty && inviting && <InviteMachine onClose={() => setInviting(false)} />}
      <div className="machines-stage">{empty ? <NoMachines /> : <MachineTable machines={machines} />}</div>
    </Area>
  );
}

function NoMachines() {
  const [inviting, setInviting] = useState(false);
  return (
    <div className="nothing">
      <Icon name="machine" />
      <p className="nothing-title">{t('No machine has joined yet')}</p>
      <p>
        {t(
          'A machine lends its workers to this host: scenes are copied to it, and its images come back. It needs the same version of Framegauge, and a command that lets it in.',
        )}
      </p>
      {inviting ? (
        <InviteMachine />
      ) : (
        <div className="nothing-actions">
          <Button kind="primary" changes onClick={() => setInviting(true)}>
            {t('Show the Command')}
          </Button>
        </div>
      )}
    </div>
  );
}
