import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { count } from '../format';
import { go } from '../router';

export interface Column<T> {
  name: string;
  cell: (row: T) => ComponentChildren;
  /** What it is sorted by; not sortable where there is none. */
  by?: (row: T) => string | number;
  number?: boolean;
}

interface Props<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  id: (row: T) => string;
  href?: (row: T) => string;
  onOpen?: (row: T) => void;
  size?: number;
  empty?: ComponentChildren;
}

/** A table of any length, a page of it at a time; the first cell is the link. j and k move, Enter opens. */
export function Table<T>({ label, columns, rows, id, href, onOpen, size = 50, empty }: Props<T>) {
  const [page, setPage] = useState(0);
  const [sort, setSort] = useState<{ column: number; down: boolean } | null>(null);
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const at = Math.min(page, pages - 1);
  useEffect(() => setPage(0), [rows.length]);

  const sorted = sort ? sorter(rows, columns[sort.column].by!, sort.down) : rows;
  const shown = sorted.slice(at * size, (at + 1) * size);

  const move = (event: KeyboardEvent) => {
    const step = event.key === 'j' || event.key === 'ArrowDown' ? 1 : event.key === 'k' || event.key === 'ArrowUp' ? -1 : 0;
    if (step && !event.metaKey && !event.ctrlKey && !event.altKey) {
      const openers = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('tbody .opener')];
      const to = openers[openers.indexOf(document.activeElement as HTMLElement) + step];
      if (to) {
        event.preventDefault();
        to.focus();
      }
    }
  };

  if (rows.length === 0) {
    return <div class="empty muted">{empty ?? 'Nothing here.'}</div>;
  }
  return (
    <>
      <div class="scroll" role="region" aria-label={label} tabIndex={href || onOpen ? -1 : 0}>
        <table onKeyDown={move} aria-rowcount={rows.length + 1}>
          <caption class="hidden">{label}</caption>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column, index) => (
                <th
                  key={column.name}
                  scope="col"
                  class={column.number ? 'number' : ''}
                  aria-sort={sort?.column === index ? (sort.down ? 'descending' : 'ascending') : undefined}
                >
                  {column.by ? (
                    <button
                      type="button"
                      class="sorter"
                      onClick={() =>
                        setSort({ column: index, down: sort?.column === index ? !sort.down : column.number === true })
                      }
                    >
                      {column.name}
                      <span aria-hidden="true">{sort?.column === index ? (sort.down ? ' ↓' : ' ↑') : ''}</span>
                    </button>
                  ) : (
                    column.name
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, index) => (
              <tr
                key={id(row)}
                aria-rowindex={at * size + index + 2}
                class={href || onOpen ? 'opens' : ''}
                onClick={(event) => {
                  if (!(event.target as Element).closest('a,button,input,label,select') && !getSelection()?.toString()) {
                    href ? go(href(row)) : onOpen?.(row);
                  }
                }}
              >
                {columns.map((column, place) => (
                  <td key={column.name} class={column.number ? 'number' : ''}>
                    {place === 0 && href ? (
                      <a class="opener" href={href(row)}>
                        {column.cell(row)}
                      </a>
                    ) : place === 0 && onOpen ? (
                      <button type="button" class="opener link" onClick={() => onOpen(row)}>
                        {column.cell(row)}
                      </button>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {pages > 1 && (
        <nav class="pager" aria-label={`Pages of ${label}`}>
          <span class="muted">
            {count(at * size + 1)}–{count(Math.min(rows.length, (at + 1) * size))} of {count(rows.length)}
          </span>
          <button type="button" disabled={at === 0} onClick={() => setPage(at - 1)}>
            Previous
          </button>
          <button type="button" disabled={at === pages - 1} onClick={() => setPage(at + 1)}>
            Next
          </button>
        </nav>
      )}
    </>
  );
}

function sorter<T>(rows: T[], by: (row: T) => string | number, down: boolean): T[] {
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = by(a);
    const right = by(b);
    return sign * (typeof left === 'number' && typeof right === 'number' ? left - right : String(left).localeCompare(String(right)));
  });
}
