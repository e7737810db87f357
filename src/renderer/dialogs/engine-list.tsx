import { useEffect, useState } from 'react';
import type { EngineInfo } from '../../shared/engines';
import { msg, t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import './engine-list.css';

const SOURCES: Record<EngineInfo['source'], string> = {
  'built-in': msg('Built in'),
  preference: msg('From the preferences'),
  environment: msg('From the environment'),
  path: msg('From the PATH'),
  'usual-place': msg('Standard location'),
};

/** Every Blender that was found on the host's machine, and whether it works. */
export function EngineList() {
  const { actions } = useApp();
  const engines = useAppState((state) => state.engines);
  const busy = useAppState((state) => state.busy !== null);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    void actions.needEngines().then(() => setAsked(true));
  }, [actions]);
  const found = (engines ?? []).filter(({ engine }) => engine === 'blender');
  return (
    <section className="engines" aria-labelledby="engines-title">
      <header className="engines-head">
        <h3 id="engines-title">{t('Installations')}</h3>
        <Button changes disabled={busy} onClick={() => void actions.searchAgain()}>
          {t('Search Again')}
        </Button>
      </header>
      {engines === null ? (
        <p className="dim">{asked ? t('The host did not answer.') : t('Loading…')}</p>
      ) : found.length === 0 ? (
        <p className="dim">
          {t(
            'No Blender was found on the host’s machine. Install it from blender.org or with the system’s packages, or enter its path above; then search again.',
          )}
        </p>
      ) : (
        <ul className="engine-list">
          {found.map((engine) => (
            <li key={engine.id} className={`engine ${engine.problem === null ? '' : 'engine-broken'}`}>
              <Icon name={engine.problem === null ? 'check' : 'error'} />
              <div className="engine-text">
                <p>
                  <strong>{engine.name}</strong>
                  {engine.default && <span className="engine-default">{t('default')}</span>}
                  <span className="dim">{t(SOURCES[engine.source])}</span>
                </p>
                {engine.path !== null && <p className="engine-path selectable">{engine.path}</p>}
                {engine.problem !== null && <p className="engine-problem selectable">{engine.problem}</p>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
