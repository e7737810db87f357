import type { Addon } from '../../shared/addons';
import { t } from '../../shared/texts/translate';
import { Icon } from '../controls/icon';
import { SafeLink } from '../controls/safe-link';
import { AddonActions } from './addon-actions';

const ICONS = { ok: 'check', warning: 'warning', error: 'error' } as const;

/**
 * What the add-on says about itself now, and what it offers to do. Its line is read out when it changes; details may
 * change with every scrape, and are not.
 */
export function AddonStatusBox({ addon }: { addon: Addon }) {
  const { status, handlerErrors, warnings, manifest } = addon;
  return (
    <>
      <section aria-label={t('Status of {name}', { name: manifest.name })} role="status" aria-atomic="false">
        <h3>{t('Status')}</h3>
        {status ? (
          <div className={`addon-status addon-status-${status.level}`}>
            <p className="addon-status-text selectable">
              <Icon name={ICONS[status.level]} />
              <span>{status.text}</span>
            </p>
            {status.details.length > 0 && (
              <dl className="addon-facts selectable" aria-live="off">
                {status.details.map((detail) => (
                  <div className="addon-detail" key={detail.label}>
                    <dt>{detail.label}</dt>
                    <dd>
                      <SafeLink href={detail.href}>{detail.value}</SafeLink>
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </div>
        ) : (
          <p className="dim">
            {addon.state === 'running' ? t('It runs, and has nothing to report.') : t('It is not running.')}
          </p>
        )}
        {warnings.map((warning) => (
          <p className="addon-reason selectable" key={warning}>
            <Icon name="warning" />
            <span>{warning}</span>
          </p>
        ))}
        {handlerErrors > 0 && (
          <p className="addon-reason">
            <Icon name="warning" />
            <span>
              {t(
                '{count, plural, one {One of its handlers failed once since it was enabled; the log says why.} other {Its handlers failed # times since it was enabled; the log says why.}}',
                { count: handlerErrors },
              )}
            </span>
          </p>
        )}
      </section>
      {status?.actions && status.actions.length > 0 && <AddonActions actions={status.actions} name={manifest.name} />}
    </>
  );
}
