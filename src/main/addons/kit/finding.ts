/** Something found in an add-on. */
export interface Finding {
  /** `error`: it will not work, or not for others. `warning`: it may not. `note`: worth knowing. */
  readonly level: 'error' | 'warning' | 'note';
  /** One sentence. */
  readonly text: string;
}
