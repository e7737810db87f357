/** Outlines on a 16 × 16 grid, drawn for this program. */
const SHAPES = {
  chevron: 'M6 3.5 10.5 8 6 12.5',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2.2 14.4 13.3H1.6zM8 6.4v3.2M8 11.6v.1',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.4v3.6M8 5v.1',
  error: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8v4M8 11v.1',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  stop: 'M4 4h8v8H4z',
  play: 'M5 3l8 5-8 5z',
  folder: 'M1.8 12.5v-9h4.4l1.6 2h6.4v7z',
  up: 'M8 13V3.5M3.8 7.5 8 3.3l4.2 4.2',
  cube: 'M8 1.8 13.6 5v6.2L8 14.3l-5.6-3.1V5zM2.6 5 8 8.1 13.4 5M8 8.1v6',
  image: 'M2 3h12v10H2zM2 11l3.5-3.5 3 3L10.500 8.500 14 11.500M10.200 5.700v.1',
  film: 'M2 3h12v10H2zM5 3v10M11 3v10M2 6.300h3M2 9.700h3M11 6.300h3M11 9.700h3',
  link: 'M9.500 3H13v3.500M13 3 7.500 8.500M11.500 9v4H3V4.500h4',
  copy: 'M5.5 5.5V2.500h8v8h-3M2.500 5.500h8v8h-8z',
  next: 'M4 3.500 9.500 8 4 12.500zM12 3.500v9',
  first: 'M12 3.500 6.500 8 12 12.500zM4 3.500v9',
  reverse: 'M11 3 3 8l8 5z',
  loop: 'M3 8V6.500a2 2 0 0 1 2-2h7M10 2.500l2 2-2 2M13 8v1.500a2 2 0 0 1-2 2H4M6 9.500l-2 2 2 2',
  gaps: 'M2 5.500h3.500v5H2zM10.500 5.500H14v5h-3.500zM7 8h2',
  rangeStart: 'M8.500 3H5v10h3.500M8 8h5',
  rangeEnd: 'M7.500 3H11v10H7.500M8 8H3',
  dots: 'M3 7.500h.500v.500h-.500zM7.750 7.500h.500v.500h-.500zM12.500 7.500h.500v.500h-.500z',
  log: 'M3 3.500h10M3 6.500h10M3 9.500h10M3 12.500h6',
  search: 'M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zM10.300 10.300 13.500 13.500',
  list: 'M2.500 4h1M6 4h7.500M2.500 8h1M6 8h7.500M2.500 12h1M6 12h7.500',
  bin: 'M2.500 4.500h11M6 4.500v-2h4v2M4 4.500l.700 9h6.600l.700-9M6.700 7v4M9.300 7v4',
  machine: 'M2 3h12v8H2zM8 11v2.500M5 13.500h6',
  gauge: 'M3.200 12.500a6.200 6.200 0 1 1 9.600 0M8 9.500l3-4',
} as const;

export type IconName = keyof typeof SHAPES;

/** Decoration only: whatever it means is also said in words. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  return (
    <svg
      className={`icon ${className}`}
      viewBox="0 0 16 16"
      width="14"
      height="14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
