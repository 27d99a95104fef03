import { useRef, useState } from 'preact/hooks';
import { call } from '../../api';
import { bytes } from '../../format';
import { Dialog } from '../../ui/dialog';
import { Failure, Loading } from '../../ui/parts';
import { say } from '../../ui/toast';

interface Installed {
  id: string;
  version?: string;
  created: number;
  kept: number;
  warnings: string[];
}

const TYPE = 'application/java-archive';

/** Takes a jar that is dropped or chosen: first says what it would do, then installs it. */
export function Drop({ onInstalled }: { onInstalled: () => void }) {
  const [over, setOver] = useState(false);
  const [jar, setJar] = useState<File | null>(null);
  const [plan, setPlan] = useState<Installed | null>(null);
  const [failure, setFailure] = useState<Error | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const look = async (file: File | undefined) => {
    setOver(false);
    if (!file) {
      return;
    }
    setJar(file);
    setPlan(null);
    setFailure(null);
    try {
      setPlan(await call<Installed>('PUT', '/v1/plugins', { body: file, type: TYPE, query: { dryRun: true } }));
    } catch (failed) {
      setFailure(failed as Error);
    }
  };
  const install = async () => {
    try {
      const done = await call<Installed>('PUT', '/v1/plugins', { body: jar!, type: TYPE });
      say(`${done.id} ${done.version ?? ''} is installed`);
      setJar(null);
      onInstalled();
    } catch (failed) {
      setFailure(failed as Error);
    }
  };
  return (
    <div
      class={over ? 'drop over' : 'drop'}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        void look(event.dataTransfer?.files[0]);
      }}
    >
      <span>Drop the jar of a plugin here, or</span>
      <button type="button" onClick={() => chooser.current!.click()}>
        Choose a jar
      </button>
      <input
        ref={chooser}
        class="hidden"
        type="file"
        accept=".jar"
        aria-label="Jar of a plugin"
        tabIndex={-1}
        onChange={(event) => {
          void look(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }}
      />
      {jar && (
        <Dialog title="Install a plugin" onClose={() => setJar(null)}>
          <div class="pad stack">
            <p>
              <strong>{jar.name}</strong> <span class="muted">{bytes(jar.size)}</span>
            </p>
            <Failure failure={failure} />
            {!plan && !failure && <Loading />}
            {plan && (
              <>
                <p>
                  It is <strong>{plan.id}</strong> {plan.version}. {plan.created} steps would be made anew, {plan.kept} stay as they are.
                </p>
                {plan.warnings.map((warning) => (
                  <p key={warning} class="bad">
                    {warning}
                  </p>
                ))}
                <p class="muted">A plugin can do all that the gateway can. Install only what you trust.</p>
              </>
            )}
          </div>
          <div class="buttons">
            <button type="button" onClick={() => setJar(null)}>
              Cancel
            </button>
            <button type="button" class="primary" disabled={!plan} onClick={() => void install()}>
              Install
            </button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
