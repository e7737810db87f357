/** The frame orders on offer, as values of a job's `order` and their labels. */
export const FRAME_ORDERS: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'sequence', label: 'In sequence' },
  { value: 'middle-out', label: 'From the middle out' },
  ...[2, 4, 5, 8, 10, 16, 25, 50, 100].map((step) => ({
    value: `every-${step}`,
    label: `Every ${step}${step === 2 ? 'nd' : 'th'} first`,
  })),
];
