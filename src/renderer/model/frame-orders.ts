import { t } from '../../shared/texts/translate';

const EVERY = [2, 4, 5, 8, 10, 16, 25, 50, 100];

/** The frame orders on offer, as values of a job's `order` and their labels. */
export function frameOrders(): { readonly value: string; readonly label: string }[] {
  return [
    { value: 'sequence', label: t('In sequence') },
    { value: 'middle-out', label: t('From the middle out') },
    ...EVERY.map((step) => ({
      value: `every-${step}`,
      label: t('{step, plural, =2 {Every 2nd first} other {Every #th first}}', { step }),
    })),
  ];
}
