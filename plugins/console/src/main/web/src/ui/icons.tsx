const PATHS = {
  overview: 'M4 13h4v7H4zM10 4h4v16h-4zM16 9h4v11h-4z',
  map: 'M5 6a2 2 0 1 0 .1 0M19 5a2 2 0 1 0 .1 0M19 15a2 2 0 1 0 .1 0M7 8h4c3 0 3-1 6-1M9 8c4 0 4 9 8 9',
  routes: 'M4 6h9M17 6h3M4 12h3M11 12h9M4 18h11M19 18h1M15 4v4M9 10v4M17 16v4',
  requests: 'M4 5h16M4 10h10M4 15h6M16.5 14a3 3 0 1 0 .1 0M19 19l2 2',
  plugins: 'M9 4v4M15 4v4M6 8h12v4a6 6 0 0 1-12 0zM12 18v3',
  consumers: 'M12 4a4 4 0 1 0 .1 0M4 20c1-5 4-7 8-7s7 2 8 7',
  security: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4',
  history: 'M4 12a8 8 0 1 0 3-6M4 4v4h4M12 8v4l3 2',
  search: 'M11 5a6 6 0 1 0 .1 0M15.5 15.5L20 20',
  plus: 'M12 5v14M5 12h14',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  grip: 'M9 6h.01M9 12h.01M9 18h.01M15 6h.01M15 12h.01M15 18h.01',
  edit: 'M4 20h4L19 9l-4-4L4 16z',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  play: 'M7 5l12 7-12 7z',
  sun: 'M12 8a4 4 0 1 0 .1 0M12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2',
  moon: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z',
  out: 'M10 5H5v14h5M14 8l4 4-4 4M18 12H9',
  warn: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  right: 'M9 6l6 6-6 6',
  back: 'M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
  menu: 'M4 7h16M4 12h16M4 17h16',
  save: 'M6 4h12v16l-6-4-6 4z',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a word; it says nothing to who hears the page. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
