import { useState } from 'preact/hooks';
import { go, to } from '../../router';
import { may } from '../../session';
import { useLoad, useTitle } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { Card, Failure, Head, Loading, Tag } from '../../ui/parts';
import { Review } from '../../ui/review';
import { StepDialog } from './stepdialog';
import { Chain } from './chain';
import { drafts, keep, steps, withSteps, type Written } from './draft';
import { told } from './routes';
import { loadRoute, measured } from './written';

/** One route: its chain, in order, to look at and to change. */
export function RoutePage({ name }: { name: string }) {
  useTitle(`Route ${name}`);
  const { value: loaded, failure, again } = useLoad((signal) => loadRoute(name, signal), [name]);
  const { value: facts } = useLoad((signal) => measured(name, signal), [name], 5000);
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const [reviewing, setReviewing] = useState(false);
  const [deleting, setDeleting] = useState(false);
  if (!loaded) {
    return failure ? <Failure failure={failure} /> : <Loading />;
  }
  const { route, written, hidden, generation } = loaded;
  const draft = drafts.value[name];
  const now = draft?.now ?? written;
  const changeable = may('operate') && written !== null && !hidden;
  const path = `/v1/routes/${encodeURIComponent(name)}`;

  const change = (all: Written[], done: string) => {
    const base = draft?.base ?? written!;
    keep(name, {
      base,
      now: withSteps(now!, all),
      generation: draft?.generation ?? generation,
      done: [...(draft?.done ?? []), done],
    });
  };
  const own = now ? steps(now) : [];
  // Steps of `defaults` stand in front of the route's own and are changed where they are written.
  const before = route.steps.slice(0, Math.max(0, route.steps.length - (written ? steps(written).length : 0)));

  return (
    <>
      <Head
        title={name}
        about={
          <>
            <a href={to(['routes'])}>Routes</a> · <span class="mono">{route.match.map(told).join(' or ') || 'every request'}</span> · written in{' '}
            <span class="mono">{route.place}</span>
          </>
        }
      >
        <a class="button" href={to(['requests'], { route: name })}>
          Requests
        </a>
        <a class="button" href={to(['try'], { path: firstPath(route.match[0]?.paths?.[0]) })}>
          Test request
        </a>
        <a class="button" href={to([], { by: 'route', name })}>
          Charts
        </a>
        {may('operate') && (
          <button type="button" class="danger" onClick={() => setDeleting(true)}>
            Delete
          </button>
        )}
      </Head>
      {!written && <p class="muted">This route is not written in the configuration itself, so it can only be looked at here.</p>}
      {hidden && (
        <p class="muted">
          A secret is written out in this route. It is not shown, so the route cannot be written anew here: put a reference such as{' '}
          <code>{'${env:NAME}'}</code> in its place first.
        </p>
      )}
      <Card
        title="Chain"
        extra={
          changeable && (
            <button type="button" class={own.length === 0 ? 'primary' : ''} onClick={() => setEditing('new')}>
              <Icon name="plus" /> Add a step
            </button>
          )
        }
      >
        <Chain
          before={before}
          own={own}
          facts={facts?.steps ?? {}}
          upstream={route.upstream}
          changeable={changeable}
          onEdit={setEditing}
          onChange={change}
        />
        <p class="hint">
          {facts && facts.traces > 0
            ? `Times and verdicts of the last ${facts.traces} recorded requests.`
            : 'Times and verdicts show once requests of it are recorded: see Requests, Record.'}
        </p>
      </Card>
      {draft && (
        <div class="undone" role="region" aria-label="Not applied yet">
          <div>
            <Tag tone="warn">Not applied</Tag> <span>{draft.done.join(', ')}</span>
          </div>
          <div class="row">
            <button type="button" onClick={() => keep(name, null)}>
              Discard
            </button>
            <button type="button" class="primary" onClick={() => setReviewing(true)}>
              Review
            </button>
          </div>
        </div>
      )}
      {editing !== null && (
        <StepDialog
          step={editing === 'new' ? null : own[editing]}
          taken={own.map((step) => step.type)}
          onClose={() => setEditing(null)}
          onDone={(step) => {
            if (editing === 'new') {
              change([...own, step], `${step.type} added`);
            } else {
              change(own.map((each, index) => (index === editing ? step : each)), `${step.type} changed`);
            }
            setEditing(null);
          }}
        />
      )}
      {reviewing && draft && (
        <Review
          title={`Change route ${name}`}
          change={{ method: 'PUT', path, body: draft.now, generation: draft.generation }}
          onClose={() => setReviewing(false)}
          onDone={() => {
            setReviewing(false);
            keep(name, null);
            again();
          }}
        />
      )}
      {deleting && (
        <Review
          title={`Delete route ${name}`}
          verb="Delete"
          change={{ method: 'DELETE', path, generation }}
          onClose={() => setDeleting(false)}
          onDone={() => {
            keep(name, null);
            go(to(['routes']));
          }}
        />
      )}
    </>
  );
}

const firstPath = (path: string | undefined) => path?.replace('/**', '/').replace(/\{[^}]*\}/g, '1');
