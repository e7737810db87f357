/** How playback stands, for those who see it. */
export interface PlayReport {
  readonly frame: number;
  readonly speed: number;
  /** Pictures a second as drawn, and as they should be; null until it is known. */
  readonly shown: number | null;
  readonly wanted: number;
  readonly behind: boolean;
  readonly dropped: number;
  /** Pixels of the longer side of the proxy that is shown; null while it is the image itself. */
  readonly proxy: number | null;
}
