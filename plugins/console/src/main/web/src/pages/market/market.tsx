import { useEffect, useState } from 'preact/hooks';
import { call, get } from '../../api';
import { when } from '../../format';
import { go, to } from '../../router';
import { may } from '../../session';
import { useLoad, useTitle } from '../../ui/hooks';
import { Card, Empty, Failure, Head, Loading, Tag } from '../../ui/parts';
import { Table } from '../../ui/table';
import { Ways } from '../plugins/ways';
import { OfferDialog } from './offer';

export interface Market {
  name: string;
  place: string;
  index?: number;
  expires?: string;
  stale?: boolean;
  trouble?: string;
}

interface Offered {
  id: string;
  marketplace: string;
  publisher: string;
  description: string;
  status: string;
  security: string;
  deprecated: string;
  advisories: number;
  newest?: string;
  permissions?: string[];
}

export interface Board {
  marketplaces: Market[];
  found: number;
  plugins: Offered[];
  upload: 'off' | 'trusted' | 'any';
}

/** What they say of the versions that are installed. */
export interface Audited {
  installed: { id: string; version: string; newer: string; serious: boolean; findings: string[] }[];
}

const TYPING = 300;

/** What the marketplaces of the configuration offer; they are asked when somebody says so. */
export function MarketPage({ open }: { open?: string }) {
  useTitle('Marketplaces');
  if (!may('admin')) {
    return (
      <Empty>
        <h1>Marketplaces are for administrators</h1>
        <p class="muted">You need the role admin to look for plugins and to install them.</p>
      </Empty>
    );
  }
  return <Markets open={open} />;
}

function Markets({ open }: { open?: string }) {
  const [typed, setTyped] = useState('');
  const [find, setFind] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setFind(typed), TYPING);
    return () => clearTimeout(timer);
  }, [typed]);
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState<Error | null>(null);
  const { value, failure, again } = useLoad((signal) => get<Board>('/v1/market', { find, limit: 500 }, signal), [find]);
  const refresh = async () => {
    setAsking(true);
    setRefused(null);
    try {
      await call('POST', '/v1/market/refresh');
    } catch (failed) {
      setRefused(failed as Error);
    } finally {
      setAsking(false);
      again();
    }
  };
  return (
    <>
      <Head title="Marketplaces" about="What those of trust.marketplaces offer, as they said when they were asked last">
        <Ways here="market" />
        <button type="button" class="primary" disabled={asking} onClick={() => void refresh()}>
          {asking ? 'Asking…' : 'Ask the marketplaces'}
        </button>
      </Head>
      <Failure failure={refused ?? failure} />
      {value && <Places all={value.marketplaces} upload={value.upload} />}
      <section class="card flush" aria-label="Plugins on offer">
        <div class="tools">
          <input
            class="grow"
            type="search"
            aria-label="Find plugins on offer"
            placeholder="Part of an id, a description or a type"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
          {value && value.found > value.plugins.length && <span class="muted">the first {value.plugins.length} of {value.found}</span>}
        </div>
        {!value ? (
          !failure && <Loading />
        ) : (
          <Table
            label="Plugins on offer"
            rows={value.plugins}
            id={(plugin) => `${plugin.marketplace} ${plugin.id}`}
            onOpen={(plugin) => go(to(['market', plugin.id]))}
            empty={find ? 'Nothing on offer has that.' : 'Nothing is known to be on offer yet. Ask the marketplaces.'}
            columns={[
              { name: 'Plugin', cell: (plugin) => plugin.id, by: (plugin) => plugin.id },
              { name: 'Newest', cell: (plugin) => plugin.newest ?? <span class="muted">none to take</span>, by: (plugin) => plugin.newest ?? '' },
              { name: 'What it does', cell: (plugin) => <span class="muted">{plugin.description}</span> },
              { name: 'Permissions', cell: (plugin) => plugin.permissions?.join(', ') || <span class="muted">none</span> },
              { name: 'From', cell: (plugin) => plugin.marketplace, by: (plugin) => plugin.marketplace },
              { name: 'Notes', cell: (plugin) => <Notes plugin={plugin} /> },
            ]}
          />
        )}
      </section>
      {open && value && <OfferDialog id={open} upload={value.upload} onClose={() => go(to(['market']))} onChanged={again} />}
    </>
  );
}

function Notes({ plugin }: { plugin: Offered }) {
  return (
    <span class="tags">
      {plugin.status && <Tag>{plugin.status}</Tag>}
      {plugin.advisories > 0 && <Tag tone="bad">{plugin.advisories === 1 ? 'an advisory' : `${plugin.advisories} advisories`}</Tag>}
      {plugin.deprecated && <Tag tone="warn">deprecated</Tag>}
    </span>
  );
}

function Places({ all, upload }: { all: Market[]; upload: Board['upload'] }) {
  return (
    <Card title="Where they are">
      {all.length === 0 && (
        <p>
          No marketplace is configured. Name one under <code>trust.marketplaces</code>.
        </p>
      )}
      <ul class="lines">
        {all.map((market) => (
          <li key={market.name} class="row">
            <strong>{market.name}</strong>
            <span class="mono break muted">{market.place}</span>
            {market.index !== undefined && (
              <Tag tone={market.stale ? 'warn' : 'ok'}>
                index {market.index}, {market.stale ? 'expired' : 'good until'} {market.expires && when(market.expires)}
              </Tag>
            )}
            {market.index === undefined && !market.trouble && <Tag>not asked yet</Tag>}
            {market.trouble && <span class="bad break">{market.trouble}</span>}
          </li>
        ))}
      </ul>
      {upload === 'off' && (
        <p>
          Nothing can be installed from here: <code>admin.pluginUpload</code> is off.
        </p>
      )}
    </Card>
  );
}
