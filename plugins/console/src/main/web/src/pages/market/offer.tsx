import { useEffect, useRef, useState } from 'preact/hooks';
import { call, get, orNone } from '../../api';
import { bytes, when } from '../../format';
import type { Plugin } from '../../types';
import { Dialog } from '../../ui/dialog';
import { useLoad } from '../../ui/hooks';
import { Failure, Loading, Tag } from '../../ui/parts';
import { say } from '../../ui/toast';
import type { Board } from './market';

interface Release {
  version: string;
  sha256: string;
  size: number;
  published: string;
  requires: string;
  licence: string;
  yanked: string;
  revoked: string;
  permissions: string[];
  types: string[];
}

interface Listing {
  id: string;
  marketplace: string;
  expires: string;
  publisher: string;
  description: string;
  docs: string;
  status: string;
  security: string;
  deprecated: string;
  advisories: { id: string; severity: string; summary: string; affected: string; fixed: string; url: string }[];
  versions: Release[];
}

interface Done {
  version?: string;
  signature?: 'good' | 'listed' | 'none';
  publisher?: string;
  created: number;
  kept: number;
  warnings: string[];
  versions: Plugin[];
}

interface Asked {
  listing: Listing;
  release: Release;
  plan: Done | null;
}

const MOST_VERSIONS = 30;

/** All that marketplaces say of a plugin; a version is fetched and judged first, then installed with what it may do named. */
export function OfferDialog({ id, upload, onClose, onChanged }: { id: string; upload: Board['upload']; onClose: () => void; onChanged: () => void }) {
  const path = `/v1/market/${encodeURIComponent(id)}`;
  const { value: listings, failure } = useLoad((signal) => get<Listing[]>(path, {}, signal), [id]);
  const { value: here, again } = useLoad((signal) => orNone(get<Plugin[]>(`/v1/plugins/${encodeURIComponent(id)}`, {}, signal)), [id]);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Error | null>(null);
  const serving = here?.find((each) => each.state === 'serving');

  const install = async (listing: Listing, release: Release, dryRun: boolean) => {
    setRefused(null);
    setBusy(true);
    setAsked({ listing, release, plan: null });
    try {
      const query = { version: release.version, from: listing.marketplace, permit: release.permissions.join(',') || undefined, dryRun };
      const done = await call<Done>('POST', `${path}/install`, { query });
      if (dryRun) {
        setAsked({ listing, release, plan: done });
      } else {
        const state = done.versions.find((each) => each.version === release.version)?.state;
        say(state === 'serving' ? `${id} ${release.version} serves` : `${id} ${release.version} is installed, ${state ?? 'not there'}`);
        setAsked(null);
        again();
        onChanged();
      }
    } catch (failed) {
      setRefused(failed as Error);
      setAsked(null);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={id} onClose={onClose} wide>
      <div class="pad stack">
        <Failure failure={failure ?? refused} />
        {!listings && !failure && <Loading />}
        {serving && (
          <p>
            <Tag tone="ok">serves</Tag> {serving.version} is here, with {serving.permissions?.join(', ') || 'no permissions'}.
          </p>
        )}
        {asked && <Sure asked={asked} serving={serving} busy={busy} onNo={() => setAsked(null)} onYes={() => void install(asked.listing, asked.release, false)} />}
        {listings?.map((listing) => (
          <section key={listing.marketplace} class="stack tight">
            <About listing={listing} />
            <ul class="lines" aria-label={`Versions at ${listing.marketplace}`}>
              {listing.versions.slice(0, MOST_VERSIONS).map((release) => (
                <li key={release.version} class="row">
                  <strong>{release.version}</strong>
                  <span class="muted">
                    {when(release.published)}, {bytes(release.size)}, {release.licence || 'no licence named'}, {release.permissions.join(', ') || 'no permissions'}
                  </span>
                  {release.yanked && <Tag tone="warn">yanked: {release.yanked}</Tag>}
                  {release.revoked && <Tag tone="bad">revoked: {release.revoked}</Tag>}
                  <span class="gap" />
                  {here?.some((each) => each.sha256 === release.sha256) ? (
                    <Tag tone="ok">installed</Tag>
                  ) : (
                    !release.yanked &&
                    !release.revoked &&
                    upload !== 'off' && (
                      <button type="button" class="small" disabled={busy} onClick={() => void install(listing, release, true)}>
                        {serving ? 'Upgrade to' : 'Install'} {release.version}
                      </button>
                    )
                  )}
                </li>
              ))}
            </ul>
            {listing.versions.length > MOST_VERSIONS && <p class="muted">and {listing.versions.length - MOST_VERSIONS} earlier ones</p>}
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function About({ listing }: { listing: Listing }) {
  return (
    <>
      <h3>
        {listing.marketplace} {listing.status && <Tag>{listing.status}</Tag>} {listing.deprecated && <Tag tone="warn">deprecated: {listing.deprecated}</Tag>}
      </h3>
      <p>{listing.description}</p>
      <dl class="facts">
        <dt>Publisher</dt>
        <dd>{listing.publisher || '–'}</dd>
        <dt>Security</dt>
        <dd>{listing.security || 'not said'}</dd>
        {/^https?:\/\//.test(listing.docs) && (
          <>
            <dt>Documentation</dt>
            <dd>
              <a href={listing.docs} target="_blank" rel="noopener noreferrer">
                {listing.docs}
              </a>
            </dd>
          </>
        )}
      </dl>
      {listing.advisories.length > 0 && (
        <ul class="lines" aria-label="Advisories">
          {listing.advisories.map((advisory) => (
            <li key={advisory.id}>
              <Tag tone="bad">{advisory.severity}</Tag> <strong>{advisory.id}</strong> {advisory.summary}{' '}
              <span class="muted">
                affects {advisory.affected}; {advisory.fixed ? `fixed in ${advisory.fixed}` : 'there is no fix yet'}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Who vouches for a jar, as the gateway has judged it. */
function vouched({ signature, publisher }: Done): string {
  switch (signature) {
    case 'good':
      return `The publisher ${publisher} has signed it.`;
    case 'listed':
      return 'No publisher vouches for it: trust.hashes lists it.';
    default:
      return 'Nobody vouches for it.';
  }
}

function Sure({ asked, serving, busy, onNo, onYes }: { asked: Asked; serving?: Plugin; busy: boolean; onNo: () => void; onYes: () => void }) {
  const { release, plan } = asked;
  const question = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // It comes up when the jar has been judged, which takes a while: whoever asked is led there.
    question.current?.focus();
  }, [plan]);
  if (!plan) {
    return (
      <p role="status" class="muted">
        {busy ? `Fetching and judging ${release.version}…` : ''}
      </p>
    );
  }
  const more = release.permissions.filter((each) => !serving?.permissions?.includes(each));
  return (
    <div class="undone" role="alertdialog" ref={question} tabIndex={-1} aria-label={`Install ${release.version}`}>
      <div>
        <p>
          <strong>{release.version}</strong>{' '}
          {release.permissions.length === 0 ? 'asks for no permissions.' : <>asks for these permissions: <strong>{release.permissions.join(', ')}</strong>.</>}
          {serving && more.length > 0 && <span class="bad"> {serving.version} does not have: {more.join(', ')}.</span>}
        </p>
        <p class="muted">
          {plan.created} steps are made anew, {plan.kept} stay. {vouched(plan)} A plugin can do all that the gateway can.
        </p>
        {plan.warnings.map((warning) => (
          <p key={warning} class="bad">
            {warning}
          </p>
        ))}
      </div>
      <div class="row">
        <button type="button" onClick={onNo}>
          Not now
        </button>
        <button type="button" class="primary" disabled={busy} onClick={onYes}>
          {release.permissions.length > 0 ? 'Permit and install' : 'Install'}
        </button>
      </div>
    </div>
  );
}
