import type { ComponentChildren } from 'preact';
import { Problem } from '../api';
import { Icon } from './icons';
import { say } from './toast';

/** The head of a page: its name, what can be done there. */
export function Head({ title, about, children }: { title: string; about?: ComponentChildren; children?: ComponentChildren }) {
  return (
    <header class="page-head">
      <div>
        <h1 tabIndex={-1}>{title}</h1>
        {about && <p class="muted">{about}</p>}
      </div>
      <div class="actions">{children}</div>
    </header>
  );
}

export function Card({ title, children, extra, flush }: { title?: string; children: ComponentChildren; extra?: ComponentChildren; flush?: boolean }) {
  return (
    <section class={flush ? 'card flush' : 'card'} aria-label={title}>
      {title && (
        <header>
          <h2>{title}</h2>
          {extra}
        </header>
      )}
      {children}
    </section>
  );
}

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'plain';

export const Tag = ({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) => (
  <span class={`tag ${tone}`}>{children}</span>
);

export const statusTone = (status: number): Tone =>
  status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'info' : 'ok';

export const Status = ({ status }: { status: number }) => <Tag tone={statusTone(status)}>{status || 'none'}</Tag>;

export function Failure({ failure }: { failure: Error | null | undefined }) {
  if (!failure) {
    return null;
  }
  const errors = failure instanceof Problem ? failure.errors : [];
  return (
    <div class="failure" role="alert">
      <Icon name="warn" />
      <div>
        <strong>{failure instanceof Problem ? failure.title : 'That did not work'}</strong>
        <p>{failure.message}</p>
        {errors.length > 0 && (
          <ul>
            {errors.map((error) => (
              <li key={error}>
                <code>{error}</code>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

export const Empty = ({ children }: { children: ComponentChildren }) => <div class="empty">{children}</div>;

export const Loading = () => (
  <div class="empty muted" role="status">
    Loading…
  </div>
);

export function Copy({ text, what }: { text: string; what: string }) {
  return (
    <button
      type="button"
      onClick={() =>
        navigator.clipboard.writeText(text).then(
          () => say(`${what} copied`),
          () => say('The browser did not allow to copy; select the text and copy it.', 'bad'),
        )
      }
    >
      Copy {what.toLowerCase()}
    </button>
  );
}

/** A labelled field. */
export function Field({ label, hint, children, id }: { label: string; hint?: string; children: ComponentChildren; id: string }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Lines of a unified diff, coloured; the sign at each line says the same. */
export function Patch({ text }: { text: string }) {
  return (
    <pre class="patch" tabIndex={0} role="region" aria-label="Patch">
      {text.split('\n').map((line, index) => (
        <span key={index} class={line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : line.startsWith('@@') ? 'at' : ''}>
          {line + '\n'}
        </span>
      ))}
    </pre>
  );
}

export function download(name: string, type: string, text: string) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
