import { useState } from 'react';
import type { PreferenceValues } from '../../shared/addons';
import type { Panel, ShownElement } from '../../shared/panels';
import type { Operator } from '../../shared/operators';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { shownFrame, shownJob } from '../app-store';
import { Button } from '../controls/button';
import { Icon } from '../controls/icon';
import { PreferenceField } from '../controls/preference-field';
import { SafeLink } from '../controls/safe-link';
import { describeImageFailure } from '../model/image-failure';
import { buttonParameters, operatorDefaults } from '../model/operator-form';
import { sparklinePath } from '../model/sparkline';
import { ParameterField } from '../controls/parameter-field';
import { useFrameImage } from './use-frame-image';

type Element<T extends ShownElement['type']> = Extract<ShownElement, { type: T }>;

/** What stands in the status bar. */
const INLINE: readonly ShownElement['type'][] = ['label', 'value', 'button'];

/** What a panel shows, drawn from its data alone. */
export function PanelElements({ panel, inline = false }: { panel: Panel; inline?: boolean }) {
  /** What its fields give to operators, by the operator's id. */
  const [given, setGiven] = useState<Readonly<Record<string, PreferenceValues>>>({});
  return panel.elements
    .filter(({ type }) => !inline || INLINE.includes(type))
    .map((element, index) => {
      const key = `${index} ${element.type}`;
      switch (element.type) {
        case 'label':
          return <LabelElement key={key} element={element} />;
        case 'value':
          return <ValueElement key={key} element={element} />;
        case 'table':
          return <TableElement key={key} element={element} />;
        case 'sparkline':
          return <SparklineElement key={key} element={element} />;
        case 'image':
          return <ImageElement key={key} element={element} />;
        case 'field':
          return element.operator === undefined ? (
            <PreferenceElement key={key} panel={panel} element={element} />
          ) : (
            <ParameterElement
              key={key}
              panel={panel}
              element={element}
              given={given[element.operator] ?? {}}
              onGive={(values) => setGiven({ ...given, [element.operator!]: values })}
            />
          );
        case 'button':
          return <ButtonElement key={key} panel={panel} element={element} given={given[element.operator] ?? {}} />;
      }
    });
}

function LabelElement({ element: { text, level, href } }: { element: Element<'label'> }) {
  return (
    <p className={`panel-label ${level === undefined ? '' : `panel-${level}`}`}>
      {level !== undefined && level !== 'ok' && <Icon name={level} />}
      <SafeLink href={href}>{text}</SafeLink>
    </p>
  );
}

function ValueElement({ element: { label, value, unit, level } }: { element: Element<'value'> }) {
  return (
    <p className={`panel-value ${level === undefined ? '' : `panel-${level}`}`}>
      <span className="dim">{label}</span>
      <span className="selectable">
        {String(value)}
        {unit !== undefined && ` ${unit}`}
      </span>
    </p>
  );
}

function TableElement({ element: { label, columns, rows } }: { element: Element<'table'> }) {
  return (
    <div className="panel-table scroll" tabIndex={0} role="group" aria-label={label}>
      <table aria-label={label} className="selectable">
        <thead>
          <tr>
            {columns.map((column, at) => (
              <th
                key={`${at} ${column}`}
                scope="col"
                className={typeof rows[0]?.[at] === 'number' ? 'panel-number' : ''}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            <tr key={line}>
              {columns.map((column, at) => (
                <td key={`${at} ${column}`} className={typeof row[at] === 'number' ? 'panel-number' : ''}>
                  {row[at] === undefined ? '' : String(row[at])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SparklineElement({ element: { label, points, unit } }: { element: Element<'sparkline'> }) {
  const last = points.findLast((point) => point !== null);
  const value =
    last === undefined || last === null ? t('no value yet') : `${last}${unit === undefined ? '' : ` ${unit}`}`;
  return (
    <div className="panel-sparkline">
      <p className="panel-value">
        <span className="dim">{label}</span>
        <span className="selectable">{value}</span>
      </p>
      <svg viewBox="0 0 100 24" preserveAspectRatio="none" role="img" aria-label={`${label}: ${value}`}>
        <path d={sparklinePath(points, 100, 24)} />
      </svg>
    </div>
  );
}

function ImageElement({ element: { label, job, frame, source } }: { element: Element<'image'> }) {
  return (
    <figure className="panel-image">
      {source === undefined ? <FrameImage label={label} job={job!} frame={frame!} /> : <img src={source} alt={label} />}
      <figcaption className="dim">{label}</figcaption>
    </figure>
  );
}

function FrameImage({ label, job, frame }: { label: string; job: number; frame: number }) {
  const { image, failure } = useFrameImage({ jobId: job, frame, writtenAt: null });
  if (image) return <img src={image.url} alt={label} />;
  return (
    <p className="dim">
      {failure === null
        ? t('Reading the image…')
        : failure.kind === 'gone'
          ? t('There is no image of frame {frame} of job {job}.', { frame: String(frame), job })
          : describeImageFailure(failure, frame)}
    </p>
  );
}

function PreferenceElement({ panel, element }: { panel: Panel; element: Element<'field'> }) {
  const { client } = useApp();
  const addon = useAppState((state) => state.model.host?.addons.find(({ manifest }) => manifest.id === panel.addonId));
  const preference = addon?.manifest.preferences.find(({ key }) => key === element.preference);
  if (!addon || !preference) return null;
  return (
    <PreferenceField
      preference={preference}
      value={addon.preferences[preference.key] ?? preference.default}
      onApply={async (value) => {
        await client.call('preferences.set', { key: `addons.${panel.addonId}.${preference.key}`, value });
      }}
    />
  );
}

function useOperator(panel: Panel, id: string | undefined) {
  const operators = useAppState((state) => state.model.host?.operators);
  return operators?.find((operator) => operator.id === `${panel.addonId}.${id}`);
}

/** What the operator's fields show until a person changes them. */
function useOperatorDefaults(operator: Operator | undefined): PreferenceValues {
  const job = useAppState((state) => shownJob(state)?.id ?? null);
  const frame = useAppState(shownFrame);
  return operator ? operatorDefaults(operator, { job, frame }) : {};
}

/** A parameter of an operator, kept in the window until a button runs it. */
function ParameterElement({
  panel,
  element,
  given,
  onGive,
}: {
  panel: Panel;
  element: Element<'field'>;
  given: PreferenceValues;
  onGive: (values: PreferenceValues) => void;
}) {
  const operator = useOperator(panel, element.operator);
  const parameter = operator?.parameters.find(({ key }) => key === element.parameter);
  const defaults = useOperatorDefaults(operator);
  if (!operator || !parameter) return null;
  const { key } = parameter;
  return (
    <ParameterField
      parameter={parameter}
      value={given[key] ?? defaults[key]}
      onChange={(value) => onGive({ ...given, [key]: value })}
    />
  );
}

function ButtonElement({
  panel,
  element,
  given,
}: {
  panel: Panel;
  element: Element<'button'>;
  given: PreferenceValues;
}) {
  const { actions } = useApp();
  const operator = useOperator(panel, element.operator);
  const defaults = useOperatorDefaults(operator);
  // Nothing that does nothing is offered.
  if (!operator) return null;
  return (
    <Button
      changes
      className="panel-button"
      title={operator.description === '' ? undefined : operator.description}
      onClick={() => {
        const { parameters, complete } = buttonParameters(panel, element, operator, given, defaults);
        actions.openOperator(operator, parameters, complete);
      }}
    >
      {element.label ?? operator.label}
    </Button>
  );
}
