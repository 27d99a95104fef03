import { useMemo, useState } from 'preact/hooks';
import { all, get } from '../../api';
import { routeList } from '../../cache';
import { go, to } from '../../router';
import { may } from '../../session';
import type { Plugin } from '../../types';
import { useLoad, useTitle } from '../../ui/hooks';
import { Failure, Head, Loading, Tag, type Tone } from '../../ui/parts';
import { Table } from '../../ui/table';
import { Canaries, type Canary } from './canaries';
import { Drop } from './drop';
import type { Audited } from '../market/market';
import { PluginDialog } from './plugin';
import { Ways } from './ways';

const TONES: Record<string, Tone> = { serving: 'ok', available: 'info', leaving: 'warn', refused: 'bad', declined: 'warn' };

export const stateTone = (state: string) => TONES[state] ?? 'plain';

/** What is installed, what it does, who uses it, and whether its old versions are gone. */
export function Plugins({ open }: { open?: string }) {
  useTitle('Plugins');
  const [find, setFind] = useState('');
  const { value, failure, again } = useLoad((signal) => all<Plugin>('/v1/plugins', signal), [], 10_000);
  const { value: routes } = useLoad((signal) => routeList(signal), []);
  const { value: canaries, again: canariesAgain } = useLoad((signal) => get<Canary[]>('/v1/canaries', {}, signal), [], 3000);
  const { value: board } = useLoad(async (signal) => (may('admin') ? get<Audited>('/v1/market', { audit: true }, signal) : null), []);
  const said = (plugin: Plugin) => board?.installed.find((each) => each.id === plugin.id && each.version === plugin.version);
  const users = useMemo(() => {
    const found = new Map<string, number>();
    routes?.forEach((route) => new Set(route.steps.map((step) => step.type)).forEach((type) => found.set(type, (found.get(type) ?? 0) + 1)));
    return found;
  }, [routes]);
  const used = (plugin: Plugin) => (plugin.types ?? []).reduce((sum, type) => sum + (users.get(type.type) ?? 0), 0);
  const rows = (value ?? []).filter((plugin) =>
    `${plugin.id ?? ''} ${plugin.file ?? ''} ${plugin.state} ${plugin.types?.map((type) => type.type).join(' ')}`.toLowerCase().includes(find.toLowerCase()),
  );
  const refresh = () => (again(), canariesAgain());
  return (
    <>
      <Head title="Plugins" about="Installed, upgraded and removed while the gateway serves">
        <Ways here="plugins" />
      </Head>
      <Failure failure={failure} />
      {may('admin') && <Drop onInstalled={refresh} />}
      {canaries && canaries.length > 0 && <Canaries all={canaries} onDecided={refresh} />}
      <section class="card flush" aria-label="Plugins">
        <div class="tools">
          <input
            class="grow"
            type="search"
            aria-label="Find plugins"
            placeholder="Part of a name, type or state"
            value={find}
            onInput={(event) => setFind(event.currentTarget.value)}
          />
        </div>
        {!value && !failure ? (
          <Loading />
        ) : (
          <Table
            label="Plugins"
            rows={rows}
            id={(plugin) => `${plugin.id ?? plugin.file} ${plugin.version ?? ''} ${plugin.sha256 ?? ''} ${plugin.state}`}
            onOpen={(plugin) => plugin.id && go(to(['plugins', plugin.id]))}
            columns={[
              { name: 'Plugin', cell: (plugin) => plugin.id ?? plugin.file, by: (plugin) => plugin.id ?? '' },
              {
                name: 'Version',
                cell: (plugin) => {
                  const known = said(plugin);
                  return (
                    <>
                      {plugin.version ?? '–'}
                      {known?.newer && (
                        <>
                          {' '}
                          <a href={to(['market', plugin.id!])}>{known.newer} is there</a>
                        </>
                      )}
                      {known?.findings.map((finding) => (
                        <span key={finding} class={`break ${known.serious ? 'bad' : 'muted'}`}>
                          {' '}
                          {finding}
                        </span>
                      ))}
                    </>
                  );
                },
                by: (plugin) => plugin.version ?? '',
              },
              {
                name: 'State',
                cell: (plugin) => (
                  <>
                    <Tag tone={stateTone(plugin.state)}>{plugin.state}</Tag> {plugin.reason && <span class="muted break">{plugin.reason}</span>}
                  </>
                ),
                by: (plugin) => plugin.state,
              },
              { name: 'What it does', cell: (plugin) => <span class="muted">{plugin.description}</span> },
              { name: 'Routes', number: true, cell: (plugin) => used(plugin), by: used },
              { name: 'Loaders', cell: (plugin) => <Loaders plugin={plugin} />, by: (plugin) => plugin.loaders?.unreclaimed ?? 0 },
            ]}
          />
        )}
      </section>
      {open && <PluginDialog id={open} routes={routes ?? []} onClose={() => go(to(['plugins']))} onChanged={refresh} />}
    </>
  );
}

export function Loaders({ plugin }: { plugin: Plugin }) {
  if (!plugin.loaders) {
    return <span class="muted nowrap">not loaded</span>;
  }
  return plugin.loaders.unreclaimed > 0 ? (
    <Tag tone="bad">{plugin.loaders.unreclaimed} not reclaimed</Tag>
  ) : (
    <Tag tone="ok">{plugin.loaders.live} live</Tag>
  );
}
