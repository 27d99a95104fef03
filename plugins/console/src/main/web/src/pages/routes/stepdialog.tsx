import { useState } from 'preact/hooks';
import { configSchema } from '../../cache';
import type { JsonObject } from '../../types';
import { Dialog } from '../../ui/dialog';
import { useLoad } from '../../ui/hooks';
import { Failure, Loading } from '../../ui/parts';
import { parse, yaml } from '../../ui/yaml';
import { object, type Written } from './draft';
import { SchemaForm } from './schemaform';
import { plain, type Schema } from './schema';

interface Props {
  step: Written | null;
  taken: string[];
  onClose: () => void;
  onDone: (step: Written) => void;
}

const BESIDE = ['id', 'mode', 'version', 'when', 'onError', 'failOpen', 'canary', 'share', 'required', 'use'];

/** Chooses a type of step where there is none yet, and its settings: a form, and beside it the YAML that it makes. */
export function StepDialog({ step, taken, onClose, onDone }: Props) {
  const { value: schema, failure } = useLoad((signal) => configSchema(signal), []);
  const [type, setType] = useState(step?.type ?? '');
  const [find, setFind] = useState('');
  if (!schema) {
    return (
      <Dialog title={step ? `Edit ${step.type}` : 'Add a step'} onClose={onClose}>
        {failure ? <Failure failure={failure} /> : <Loading />}
      </Dialog>
    );
  }
  const types = object(object(object(schema.$defs).step).properties) as Record<string, Schema>;
  if (type) {
    return (
      <Settings
        type={type}
        schema={types[type]}
        defs={object(schema.$defs)}
        step={step}
        onBack={step ? undefined : () => setType('')}
        onClose={onClose}
        onDone={onDone}
      />
    );
  }
  const names = Object.keys(types).filter((name) => !BESIDE.includes(name) && name.includes(find.trim().toLowerCase()));
  return (
    <Dialog title="Add a step" onClose={onClose} wide>
      <div class="pad stack">
        <input
          type="search"
          aria-label="Find a type of step"
          placeholder="Part of a name"
          autoFocus
          value={find}
          onInput={(event) => setFind(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && names[0] && (event.preventDefault(), setType(names[0]))}
        />
        <ul class="types" aria-label="Types of steps">
          {names.map((name) => (
            <li key={name}>
              <button type="button" onClick={() => setType(name)}>
                <strong>{name}</strong>
                {taken.includes(name) && <span class="muted"> already in the chain</span>}
                <span class="hint">{String(plain(types[name])?.description ?? types[name].description ?? '')}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}

interface SettingsProps {
  type: string;
  schema: Schema | undefined;
  defs: JsonObject;
  step: Written | null;
  onBack?: () => void;
  onClose: () => void;
  onDone: (step: Written) => void;
}

function Settings({ type, schema, defs, step, onBack, onClose, onDone }: SettingsProps) {
  const [config, setConfig] = useState<JsonObject>(object(step?.config));
  const [text, setText] = useState(yaml(step?.config ?? null));
  const read = parse(text);
  const fromForm = (next: JsonObject) => {
    setConfig(next);
    setText(yaml(next));
  };
  const fromText = (next: string) => {
    setText(next);
    const said = parse(next);
    if ('value' in said) {
      setConfig(object(said.value));
    }
  };
  const shape = schema && plain(schema, defs);
  return (
    <Dialog title={step ? `Edit ${type}` : `Add ${type}`} onClose={onClose} wide>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if ('value' in read) {
            onDone({ type, config: read.value, beside: step?.beside ?? {} });
          }
        }}
      >
        <div class="pad columns editor">
          <div class="stack" role="group" aria-label="Form">
            {shape?.properties ? (
              <SchemaForm schema={shape} defs={defs} value={config} onChange={fromForm} path={type} />
            ) : (
              <p class="muted">This type has no settings, or such as can only be written: use the YAML.</p>
            )}
          </div>
          <div class="yaml">
            <label class="label" for="step-yaml">
              YAML
            </label>
            <textarea
              id="step-yaml"
              spellcheck={false}
              rows={18}
              value={text}
              aria-invalid={'error' in read}
              aria-describedby="step-yaml-says"
              onInput={(event) => fromText(event.currentTarget.value)}
            />
            <p id="step-yaml-says" class={'error' in read ? 'bad' : 'hint'} role="status">
              {'error' in read ? `Line ${read.line}: ${read.error}` : 'The form and the YAML say the same; change either.'}
            </p>
          </div>
        </div>
        <div class="buttons">
          {onBack && (
            <button type="button" class="quiet" onClick={onBack}>
              Another type
            </button>
          )}
          <span class="gap" />
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={'error' in read}>
            {step ? 'Keep' : 'Add'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
