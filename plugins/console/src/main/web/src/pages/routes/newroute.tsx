import { useState } from 'preact/hooks';
import { get } from '../../api';
import { generationNow } from '../../cache';
import { go, to } from '../../router';
import type { JsonObject, Upstream } from '../../types';
import { Dialog } from '../../ui/dialog';
import { useLoad } from '../../ui/hooks';
import { Field } from '../../ui/parts';
import { Review } from '../../ui/review';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const words = (text: string) => text.split(/[\s,]+/).filter(Boolean);

/** Asks for what a route needs; its steps are added on its own page. */
export function NewRoute({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const [name, setName] = useState('');
  const [paths, setPaths] = useState('');
  const [hosts, setHosts] = useState('');
  const [methods, setMethods] = useState<string[]>([]);
  const [upstream, setUpstream] = useState('');
  const [generation, setGeneration] = useState<number | null>(null);
  const { value: upstreams } = useLoad((signal) => get<Upstream[]>('/v1/upstreams', {}, signal), []);
  const match: JsonObject = {};
  if (words(hosts).length > 0) {
    match.hosts = words(hosts);
  }
  if (words(paths).length > 0) {
    match.paths = words(paths);
  }
  if (methods.length > 0) {
    match.methods = methods;
  }
  const body: JsonObject = { match };
  if (upstream) {
    body.upstream = upstream;
  }
  const [unsent, setUnsent] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setUnsent(true);
    setGeneration(await generationNow());
    setUnsent(false);
  };
  return (
    <>
      <Dialog title="New route" onClose={onClose}>
        <form onSubmit={submit}>
          <div class="pad stack">
            <Field label="Name" id="name" hint="Unique: orders, or shop-orders">
              <input id="name" required autoFocus value={name} pattern="[A-Za-z0-9][A-Za-z0-9._\-]*" autoComplete="off" onInput={(event) => setName(event.currentTarget.value)} />
            </Field>
            <Field label="Paths" id="paths" hint="/orders is exact, /orders/** is all below it, /orders/{id} one segment">
              <input id="paths" class="mono" required value={paths} placeholder="/orders/**" autoComplete="off" onInput={(event) => setPaths(event.currentTarget.value)} />
            </Field>
            <Field label="Hosts" id="hosts" hint="None means any">
              <input id="hosts" class="mono" value={hosts} placeholder="api.example.com" autoComplete="off" onInput={(event) => setHosts(event.currentTarget.value)} />
            </Field>
            <fieldset class="plain">
              <legend>Methods</legend>
              <div class="row">
                {METHODS.map((method) => (
                  <label class="check" key={method}>
                    <input
                      type="checkbox"
                      checked={methods.includes(method)}
                      onChange={(event) =>
                        setMethods(event.currentTarget.checked ? [...methods, method] : methods.filter((each) => each !== method))
                      }
                    />
                    {method}
                  </label>
                ))}
                <span class="hint">None means any</span>
              </div>
            </fieldset>
            <Field label="Upstream" id="upstream" hint="The name of one, or a URL; none where a step answers">
              <input id="upstream" list="upstreams" value={upstream} autoComplete="off" onInput={(event) => setUpstream(event.currentTarget.value)} />
            </Field>
            <datalist id="upstreams">
              {upstreams?.map((one) => (
                <option key={one.name} value={one.name} />
              ))}
            </datalist>
          </div>
          <div class="buttons">
            <button type="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" class="primary" disabled={unsent}>
              Review
            </button>
          </div>
        </form>
      </Dialog>
      {generation !== null && (
        <Review
          title={`New route ${name}`}
          change={{ method: 'PUT', path: `/v1/routes/${encodeURIComponent(name)}`, body, generation }}
          onClose={() => setGeneration(null)}
          onDone={() => {
            onMade();
            onClose();
            go(to(['routes', name]));
          }}
        />
      )}
    </>
  );
}
