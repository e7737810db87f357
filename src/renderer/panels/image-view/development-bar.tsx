import { msg, t } from '../../../shared/texts/translate';
import { EXPOSURE, VIEW_TRANSFORMS, type ViewTransform } from '../../model/develop-image';
import type { Development } from '../../model/image-viewing';
import type { Developed } from './use-linear-image';

const VIEW_NAMES: Readonly<Record<ViewTransform, string>> = {
  standard: msg('Standard'),
  agx: msg('AgX (approximate)'),
  filmic: msg('Filmic (approximate)'),
  raw: msg('Raw'),
};

/** Stands for the scene's own in the list of views. */
const SCENE = 'scene';

/** How an OpenEXR's light is shown: which layer, exposed by how much, through which view transform. */
export function DevelopmentBar({
  developed: { light, state, reason, sceneViewName, sceneView },
  development: { exposure, view },
  onChange,
}: {
  developed: Developed;
  development: Development;
  onChange: (change: Partial<Development>) => void;
}) {
  if (state === 'missing' && !light)
    return (
      <p className="development-bar" role="status">
        {t('This is a preview: the host can’t read the light of this OpenEXR. {reason}', {
          reason: reason ?? t('It has tiles, deep pixels, or no colors.'),
        })}
      </p>
    );
  return (
    <div className="development-bar" role="group" aria-label={t('OpenEXR')}>
      <label>
        <span className="development-word">{t('Layer')}</span>
        <select
          className="input select"
          disabled={!light}
          value={light?.layer ?? ''}
          onChange={(event) => onChange({ layer: event.currentTarget.value })}
        >
          {(light?.layers ?? ['']).map((layer) => (
            <option key={layer} value={layer}>
              {layer === '' ? t('Image') : layer}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="development-word">{t('Exposure')}</span>
        <input
          type="range"
          {...EXPOSURE}
          disabled={!light}
          value={exposure}
          title={t('Double-click for 0')}
          onChange={(event) => onChange({ exposure: Number(event.currentTarget.value) })}
          onDoubleClick={() => onChange({ exposure: 0 })}
        />
        <output className="development-exposure">{`${exposure > 0 ? '+' : ''}${exposure.toFixed(1)}`}</output>
      </label>
      <label>
        <span className="development-word">{t('View')}</span>
        <select
          className="input select"
          disabled={!light}
          value={view ?? SCENE}
          onChange={(event) =>
            onChange({ view: VIEW_TRANSFORMS.find((one) => one === event.currentTarget.value) ?? null })
          }
        >
          <option value={SCENE}>
            {sceneView
              ? t('Scene: {view}', { view: t(VIEW_NAMES[sceneView]) })
              : sceneViewName !== null
                ? t('Scene: {view} (shown as Standard)', { view: sceneViewName })
                : t('Scene: unknown (shown as Standard)')}
          </option>
          {VIEW_TRANSFORMS.map((name) => (
            <option key={name} value={name}>
              {t(VIEW_NAMES[name])}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
