import { t } from '../../../shared/texts/translate';
import type { App } from '../../app-context';
import type { MenuItems } from '../../controls/menu-list';
import { COLUMN_IDS, COLUMNS, USUAL_COLUMNS, type ColumnId } from '../../model/queue-columns';
import { QUEUE_DENSITIES } from '../../model/view-settings';
import { besideNext } from './use-column-moves';

/**
 * What can be done with one column, by its heading.
 *
 * @param columns those that are shown
 */
export function columnMenu(id: ColumnId, columns: readonly ColumnId[], { actions }: App): MenuItems {
  const [left, right] = [besideNext(columns, id, 'left'), besideNext(columns, id, 'right')];
  return [
    { heading: t(COLUMNS[id].label) },
    { label: t('Move Left'), keys: 'Alt+←', disabled: !left, run: () => left && actions.moveColumn(id, left) },
    { label: t('Move Right'), keys: 'Alt+→', disabled: !right, run: () => right && actions.moveColumn(id, right) },
  ];
}

/** How the queue is laid out: its density, order and columns. */
export function queueViewMenu({ actions, store }: App): MenuItems {
  const { density, columns, sort } = store.getState().view.queue;
  return [
    { heading: t('Density') },
    ...QUEUE_DENSITIES.map(({ value, label }) => ({
      label: t(label),
      checked: density === value,
      run: () => actions.setQueueView({ density: value }),
    })),
    { heading: t('Order') },
    { label: t('Run Order'), checked: sort === null, run: () => actions.setQueueView({ sort: null }) },
    { heading: t('Columns') },
    ...COLUMN_IDS.filter((id) => id !== 'name').map((id) => ({
      label: t(COLUMNS[id].label),
      checked: columns.includes(id),
      run: () =>
        actions.setQueueView({
          columns: COLUMN_IDS.filter((one) => (one === id ? !columns.includes(id) : columns.includes(one))),
        }),
    })),
    null,
    {
      label: t('Usual Columns'),
      run: () => actions.setQueueView({ columns: [...USUAL_COLUMNS], order: [...COLUMN_IDS], widths: {} }),
    },
  ];
}
