import { useState } from 'preact/hooks';
import { generationNow } from '../../cache';
import type { Consumer } from '../../types';
import { Dialog } from '../../ui/dialog';
import { Copy, Failure, Field } from '../../ui/parts';
import { Review } from '../../ui/review';

interface Made {
  key: string;
  hash: string;
  generation: number;
}

/** A random key of 32 bytes, and the hash that the gateway keeps; the key itself is never sent. */
async function make(): Promise<Made> {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const key = btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { key, hash: `sha256:${hash}`, generation: await generationNow() };
}

/** Gives a consumer one more key. It is shown once: it is gone when the dialog closes. */
export function NewKey({ consumer, onClose }: { consumer: Consumer; onClose: () => void }) {
  const taken = new Set(consumer.credentials?.map((each) => each.id));
  const free = Array.from({ length: taken.size + 1 }, (_, index) => `k${index + 1}`).find((id) => !taken.has(id))!;
  const [id, setId] = useState(free);
  const [expires, setExpires] = useState('');
  const [made, setMade] = useState<Made | null>(null);
  const [done, setDone] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);
  if (done && made) {
    return (
      <Dialog title={`Key ${id} of ${consumer.name}`} onClose={onClose} firm>
        <div class="pad stack">
          <p>
            <strong>This key is shown once.</strong> The gateway keeps its hash alone, and this page forgets it when you close.
          </p>
          <pre class="patch break" tabIndex={0} role="region" aria-label="Key">
            {made.key}
          </pre>
        </div>
        <div class="buttons">
          <Copy text={made.key} what="Key" />
          <button type="button" class="primary" onClick={onClose}>
            I have it
          </button>
        </div>
      </Dialog>
    );
  }
  return (
    <>
      <Dialog title={`New key for ${consumer.name}`} onClose={onClose}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            make().then(setMade, setFailure);
          }}
        >
          <div class="pad stack">
            <Failure failure={failure} />
            <Field label="Id" id="key-id" hint="What history and log call it">
              <input id="key-id" required value={id} autoComplete="off" onInput={(event) => setId(event.currentTarget.value)} />
            </Field>
            <Field label="Expires" id="key-expires" hint="Nothing means never">
              <input id="key-expires" type="date" value={expires} onInput={(event) => setExpires(event.currentTarget.value)} />
            </Field>
          </div>
          <div class="buttons">
            <button type="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" class="primary">
              Make the key
            </button>
          </div>
        </form>
      </Dialog>
      {made && (
        <Review
          title={`New key for ${consumer.name}`}
          change={{
            method: 'POST',
            path: `/v1/consumers/${encodeURIComponent(consumer.name)}/credentials`,
            body: { 'key-auth': { hash: made.hash, id, ...(expires ? { expires } : {}) } },
            generation: made.generation,
          }}
          onClose={() => setMade(null)}
          onDone={() => setDone(true)}
        />
      )}
    </>
  );
}
