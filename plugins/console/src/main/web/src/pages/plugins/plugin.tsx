import { useState } from 'preact/hooks';
import { call, get } from '../../api';
import { to } from '../../router';
import { may } from '../../session';
import type { Plugin, Route } from '../../types';
import { Dialog } from '../../ui/dialog';
import { useLoad } from '../../ui/hooks';
import { Failure, Loading, Tag } from '../../ui/parts';
import { say } from '../../ui/toast';
import { Loaders, stateTone } from './plugins';

interface Done {
  version?: string;
  created: number;
  kept: number;
  warnings: string[];
  unserved: string[];
}

interface Asked {
  name: string;
  method: 'POST' | 'DELETE';
  path: string;
  plan: Done;
}

/** All versions of a plugin, and what can be done with it: each is shown first, then done. */
export function PluginDialog({ id, routes, onClose, onChanged }: { id: string; routes: Route[]; onClose: () => void; onChanged: () => void }) {
  const path = `/v1/plugins/${encodeURIComponent(id)}`;
  const { value: versions, failure, again } = useLoad((signal) => get<Plugin[]>(path, {}, signal), [id]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [refused, setRefused] = useState<Error | null>(null);
  const ask = async (name: string, method: Asked['method'], at: string) => {
    setRefused(null);
    try {
      setAsked({ name, method, path: at, plan: await call<Done>(method, at, { query: { dryRun: true } }) });
    } catch (failed) {
      setRefused(failed as Error);
    }
  };
  const sure = async () => {
    try {
      const done = await call<Done>(asked!.method, asked!.path);
      say(`${asked!.name}: done${done.version ? `, ${id} ${done.version} serves` : ''}`);
      setAsked(null);
      again();
      onChanged();
    } catch (failed) {
      setRefused(failed as Error);
    }
  };
  const types = new Set(versions?.flatMap((version) => version.types?.map((type) => type.type) ?? []));
  const users = routes.filter((route) => route.steps.some((step) => types.has(step.type)));
  return (
    <Dialog title={id} onClose={onClose} wide>
      <div class="pad stack">
        <Failure failure={failure ?? refused} />
        {!versions && !failure && <Loading />}
        {versions?.map((version) => (
          <section key={`${version.version}-${version.sha256}-${version.state}`} class="stack tight">
            <h3 class="row">
              {version.version ?? version.file} <Tag tone={stateTone(version.state)}>{version.state}</Tag> <Loaders plugin={version} />
            </h3>
            {version.reason && <p class="bad">{version.reason}</p>}
            <p>{version.description}</p>
            <dl class="facts">
              <dt>Provider</dt>
              <dd>{version.provider ?? '–'}</dd>
              <dt>Licence</dt>
              <dd>{version.licence ?? '–'}</dd>
              <dt>Signature</dt>
              <dd>{version.publisher ? `${version.signature}, by ${version.publisher}` : (version.signature ?? '–')}</dd>
              <dt>Permissions</dt>
              <dd>{version.permissions?.join(', ') || 'none'}</dd>
              <dt>From</dt>
              <dd>{version.from ?? '–'}</dd>
              <dt>SHA-256</dt>
              <dd class="mono">{version.sha256}</dd>
              {version.types?.map((type) => (
                <>
                  <dt class="mono">{type.type}</dt>
                  <dd>
                    {type.doc} <span class="muted">({type.point})</span>
                  </dd>
                </>
              ))}
            </dl>
          </section>
        ))}
        {users.length > 0 && (
          <section>
            <h3>Used by {users.length === 1 ? 'one route' : `${users.length} routes`}</h3>
            <p class="tags">
              {users.slice(0, 40).map((route) => (
                <a key={route.name} class="tag" href={to(['routes', route.name])}>
                  {route.name}
                </a>
              ))}
              {users.length > 40 && <span class="muted">and {users.length - 40} more</span>}
            </p>
          </section>
        )}
        {asked && (
          <div class="undone" role="alertdialog" aria-label={`${asked.name} ${id}`}>
            <div>
              <strong>{asked.name}</strong> {asked.plan.version && <>to {asked.plan.version} </>}
              <span class="muted">
                {asked.plan.created} steps are made anew, {asked.plan.kept} stay.
              </span>
              {[...asked.plan.warnings, ...asked.plan.unserved.map((step) => `Not served then: ${step}`)].map((line) => (
                <p key={line} class="bad">
                  {line}
                </p>
              ))}
            </div>
            <div class="row">
              <button type="button" onClick={() => setAsked(null)}>
                Not now
              </button>
              <button type="button" class="primary" onClick={() => void sure()}>
                Do it
              </button>
            </div>
          </div>
        )}
      </div>
      {may('operate') && (
        <div class="buttons">
          <button type="button" class="danger" onClick={() => void ask('Remove', 'DELETE', path)}>
            Remove
          </button>
          <span class="gap" />
          <button type="button" onClick={() => void ask('Roll back', 'POST', `${path}/rollback`)}>
            Roll back
          </button>
          <button type="button" onClick={() => void ask('Upgrade', 'POST', `${path}/upgrade`)}>
            Upgrade
          </button>
        </div>
      )}
    </Dialog>
  );
}
