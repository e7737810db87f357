import { inWrittenOrder } from '../../shared/texts/direction';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { CutText } from '../controls/cut-text';
import { folderOf, nameOf } from '../model/host-path';
import { useReadOnly } from '../read-only';
import './recent-scenes.css';

/** As many as fit below what else the empty image says. */
const SHOWN = 6;

/** The scenes that were opened last, to open them again; nothing where there are none. */
export function RecentScenes() {
  const { actions } = useApp();
  const recent = useAppState((state) => state.recentScenes);
  const readOnly = useReadOnly();
  if (recent.length === 0 || readOnly !== null) return null;
  return (
    <section className="recent-scenes" aria-label={t('Open Recent')}>
      <h3>{t('Open Recent')}</h3>
      <ul>
        {recent.slice(0, SHOWN).map(({ path, missing }) => (
          <li key={path}>
            <button
              type="button"
              className="row recent-scene"
              title={missing ? t('{path}: there is no such file any more', { path }) : inWrittenOrder(path)}
              aria-disabled={missing}
              onClick={() => !missing && void actions.openRecent(path)}
            >
              <span className="recent-name">
                <CutText text={nameOf(path)} />
              </span>
              <span className="recent-folder">{missing ? t('missing') : inWrittenOrder(folderOf(path))}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
