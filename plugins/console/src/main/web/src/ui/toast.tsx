import { signal } from '@preact/signals';

interface Note {
  id: number;
  text: string;
  tone: 'ok' | 'bad';
}

const notes = signal<Note[]>([]);
let next = 0;

/** Says something in a corner for a while, and to who hears the page. */
export function say(text: string, tone: Note['tone'] = 'ok') {
  const id = ++next;
  notes.value = [...notes.value.slice(-3), { id, text, tone }];
  setTimeout(() => drop(id), tone === 'bad' ? 12_000 : 6000);
}

const drop = (id: number) => {
  notes.value = notes.value.filter((note) => note.id !== id);
};

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notes.value.map((note) => (
        <div key={note.id} class={`toast ${note.tone}`}>
          <span>{note.text}</span>
          <button type="button" class="quiet small" onClick={() => drop(note.id)} aria-label="Dismiss">
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
