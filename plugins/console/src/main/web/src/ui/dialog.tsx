import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons';
import { useName } from './hooks';

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
  /** Whether Escape and the cross close it: not where something would be lost without a word. */
  firm?: boolean;
}

/** A modal dialog: the browser's own, so focus stays in it and goes back when it closes. */
export function Dialog({ title, onClose, children, wide, firm }: Props) {
  const self = useRef<HTMLDialogElement>(null);
  const name = useName('dialog');
  useEffect(() => {
    const dialog = self.current!;
    if (!dialog.open) {
      dialog.showModal();
    }
    return () => dialog.close();
  }, []);
  return (
    <dialog
      ref={self}
      class={wide ? 'wide' : ''}
      aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        if (!firm) {
          onClose();
        }
      }}
    >
      <header>
        <h2 id={name}>{title}</h2>
        {!firm && (
          <button type="button" class="quiet icon-only" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}
