import { useState } from 'preact/hooks';
import { call } from '../../api';
import { ago, count, millis, percent } from '../../format';
import { may } from '../../session';
import { Card, Failure, Tag } from '../../ui/parts';
import { say } from '../../ui/toast';

interface Arm {
  version: string;
  requests: number;
  errors: number;
  errorRate: number;
  latencyMillis: { p50: number; p95: number; p99: number };
  ownMillis: { p50: number; p95: number; p99: number };
}

export interface Canary {
  canary: string;
  state: 'undecided' | 'promoted' | 'rolled-back';
  version: string;
  since?: string;
  share?: string;
  serving?: Arm;
  trial?: Arm;
  author?: string;
  why?: string;
  at?: string;
}

/** Versions on trial beside what serves, as they do just now. */
export function Canaries({ all, onDecided }: { all: Canary[]; onDecided: () => void }) {
  const [failure, setFailure] = useState<Error | null>(null);
  const decide = async (canary: Canary, verb: 'promote' | 'rollback') => {
    try {
      await call('POST', `/v1/canaries/${verb}`, { query: { canary: canary.canary } });
      say(`${canary.canary}: ${verb === 'promote' ? 'takes all requests' : 'takes none any more'}`);
      onDecided();
    } catch (failed) {
      setFailure(failed as Error);
    }
  };
  return (
    <Card title="Canaries">
      <Failure failure={failure} />
      <ul class="stack">
        {all.map((canary) => (
          <li key={canary.canary} class="stack tight">
            <div class="row">
              <strong>{canary.canary}</strong> <Tag tone={canary.state === 'promoted' ? 'ok' : canary.state === 'rolled-back' ? 'bad' : 'info'}>{canary.state}</Tag>
              <span class="muted">
                {canary.version}
                {canary.share && `, takes ${canary.share}`}
                {canary.since && `, since ${ago(canary.since)}`}
                {canary.why && `: ${canary.why} (${canary.author})`}
              </span>
              <span class="gap" />
              {canary.state === 'undecided' && may('operate') && (
                <>
                  <button type="button" class="danger" onClick={() => void decide(canary, 'rollback')}>
                    Roll back
                  </button>
                  <button type="button" class="primary" onClick={() => void decide(canary, 'promote')}>
                    Promote
                  </button>
                </>
              )}
            </div>
            {canary.serving && canary.trial && (
              <table>
                <caption class="hidden">{canary.canary} compared</caption>
                <thead>
                  <tr>
                    <th scope="col">Version</th>
                    <th scope="col" class="number">
                      Requests
                    </th>
                    <th scope="col" class="number">
                      Errors
                    </th>
                    <th scope="col" class="number">
                      p50
                    </th>
                    <th scope="col" class="number">
                      p99
                    </th>
                    <th scope="col" class="number">
                      Own p99
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {[canary.serving, canary.trial].map((arm, index) => (
                    <tr key={arm.version}>
                      <td>
                        {arm.version} <Tag tone={index ? 'info' : 'plain'}>{index ? 'on trial' : 'serves'}</Tag>
                      </td>
                      <td class="number">{count(arm.requests)}</td>
                      <td class="number">{percent(arm.errorRate)}</td>
                      <td class="number">{millis(arm.latencyMillis.p50)}</td>
                      <td class="number">{millis(arm.latencyMillis.p99)}</td>
                      <td class="number">{millis(arm.ownMillis.p99)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
