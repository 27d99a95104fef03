/** Numbers and times as people read them. */

const whole = new Intl.NumberFormat('en');
const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });

export const count = (value: number) => whole.format(value);

export function rate(value: number): string {
  if (value >= 10_000) {
    return `${(value / 1000).toFixed(1)}k`;
  }
  return value >= 100 || Number.isInteger(value) ? whole.format(Math.round(value)) : value.toFixed(1);
}

export function millis(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) {
    return '–';
  }
  if (value >= 10_000) {
    return `${(value / 1000).toFixed(1)} s`;
  }
  return value >= 100 ? `${Math.round(value)} ms` : value >= 1 ? `${value.toFixed(1)} ms` : `${value.toFixed(2)} ms`;
}

export const micros = (value: number) => (value < 1000 ? `${Math.round(value)} µs` : millis(value / 1000));

export const percent = (part: number, of = 1) => (of > 0 ? `${((part / of) * 100).toFixed(part / of < 0.1 ? 2 : 1)}%` : '0%');

export function bytes(value: number): string {
  return value >= 1 << 30
    ? `${(value / (1 << 30)).toFixed(1)} GiB`
    : value >= 1 << 20
      ? `${Math.round(value / (1 << 20))} MiB`
      : value >= 1024
        ? `${(value / 1024).toFixed(1)} KiB`
        : `${value} B`;
}

export function when(at: string | number): string {
  const date = new Date(at);
  const today = new Date().toDateString() === date.toDateString();
  return today ? time.format(date) : `${day.format(date)} ${time.format(date)}`;
}

export function ago(at: string | number): string {
  const seconds = Math.max(0, (Date.now() - new Date(at).getTime()) / 1000);
  return seconds < 60
    ? 'just now'
    : seconds < 3600
      ? `${Math.round(seconds / 60)} min ago`
      : seconds < 86_400
        ? `${Math.round(seconds / 3600)} h ago`
        : `${Math.round(seconds / 86_400)} d ago`;
}
