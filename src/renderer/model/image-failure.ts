import { t } from '../../shared/texts/translate';

/** Why the image of a frame isn't shown. What `failed` is tried again; reasons are sentences. */
export type ImageFailure =
  { readonly kind: 'gone' } | { readonly kind: 'not-shown' | 'failed'; readonly reason: string };

/** Says why the image of a frame isn't shown. */
export function describeImageFailure(failure: ImageFailure, number: number): string {
  const values = { number: String(number) };
  switch (failure.kind) {
    case 'gone':
      return t('The image of frame {number} no longer exists: it was moved or deleted.', values);
    case 'not-shown':
      return t('The image of frame {number} can’t be shown. {reason}', { ...values, reason: failure.reason });
    case 'failed':
      return t('The image of frame {number} could not be fetched, and is tried again. {reason}', {
        ...values,
        reason: failure.reason,
      });
  }
}
