import type { JSX } from 'preact';
import type { Json, JsonObject } from '../../types';
import { inline } from '../../ui/yaml';
import { list, object } from './draft';
import { kindOf, plain, type Kind, type Schema } from './schema';

interface FormProps {
  schema: Schema;
  defs: JsonObject;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  path: string;
}

/** A form for an object of a schema. What is left empty is not written, so the default holds. */
export function SchemaForm({ schema, defs, value, onChange, path }: FormProps) {
  const required = list(schema.required).map(String);
  const names = Object.keys(object(schema.properties)).sort((a, b) => Number(required.includes(b)) - Number(required.includes(a)));
  const set = (name: string, next: Json | undefined) => {
    const { [name]: _, ...others } = value;
    onChange(next === undefined ? others : { ...value, [name]: next });
  };
  return (
    <>
      {names.map((name) => {
        const one = object(schema.properties)[name] as Schema;
        return (
          <One
            key={name}
            name={name}
            id={`${path}-${name}`}
            schema={plain(one, defs)}
            kind={kindOf(one, defs)}
            defs={defs}
            required={required.includes(name)}
            value={value[name]}
            onChange={(next) => set(name, next)}
          />
        );
      })}
    </>
  );
}

interface OneProps {
  name: string;
  id: string;
  schema: Schema;
  kind: Kind;
  defs: JsonObject;
  required: boolean;
  value: Json | undefined;
  onChange: (value: Json | undefined) => void;
}

type Described = { 'aria-describedby'?: string };

const range = ({ min, max }: { min?: number; max?: number }) =>
  min !== undefined && max !== undefined ? `From ${min} to ${max}` : min !== undefined ? `${min} or more` : undefined;

const EXAMPLES: Record<string, string> = {
  'x-rate': '100/s',
  'x-duration': '30s',
  'x-size': '64KiB',
  'x-percent': '50%',
  'x-cidr': '10.0.0.0/8',
  'x-expression': 'client.address',
};

function One({ name, id, schema, kind, defs, required, value, onChange }: OneProps) {
  const hint = typeof schema.description === 'string' ? schema.description : undefined;
  const standard =
    schema.default === undefined || (typeof schema.default === 'object' && Object.keys(schema.default ?? {}).length === 0)
      ? ''
      : inline(schema.default);
  const described: Described = hint ? { 'aria-describedby': `${id}-hint` } : {};
  const field = (control: JSX.Element) => (
    <div class="field">
      <label for={id}>
        {name}
        {required && <span class="muted"> (needed)</span>}
      </label>
      {control}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
  switch (kind.kind) {
    case 'flag':
      return (
        <div class="field">
          <label class="check">
            <input
              type="checkbox"
              checked={String(value ?? schema.default) === 'true'}
              onChange={(event) => onChange(event.currentTarget.checked === schema.default ? undefined : event.currentTarget.checked)}
              {...described}
            />
            <span class="label">{name}</span>
          </label>
          {hint && (
            <p class="hint" id={`${id}-hint`}>
              {hint}
            </p>
          )}
        </div>
      );
    case 'choice':
      return field(
        <select id={id} value={value === undefined ? '' : String(value)} onChange={(event) => onChange(event.currentTarget.value || undefined)} {...described}>
          <option value="">{standard ? `Default: ${standard}` : 'Not set'}</option>
          {kind.values.map((each) => (
            <option key={each} value={each}>
              {each}
            </option>
          ))}
        </select>,
      );
    case 'number':
    case 'text':
      if (value !== undefined && value !== null && typeof value === 'object') {
        return <Written name={name} hint={hint} value={value} />;
      }
      return field(
        <input
          id={id}
          type="text"
          inputMode={kind.kind === 'number' ? 'numeric' : undefined}
          required={required}
          pattern={kind.kind === 'number' ? '-?[0-9.]+' : undefined}
          title={kind.kind === 'number' ? range(kind) : undefined}
          spellcheck={false}
          autoComplete="off"
          placeholder={standard || (kind.kind === 'text' ? (kind.secret ? '${env:NAME}' : (EXAMPLES[kind.format ?? ''] ?? '')) : '')}
          value={value === undefined || value === null ? '' : String(value)}
          onInput={(event) => onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
          {...described}
        />,
      );
    case 'texts':
      if (list(value).some((each) => each !== null && typeof each === 'object')) {
        return <Written name={name} hint={hint} value={value!} />;
      }
      return field(
        <Lines
          id={id}
          lines={list(value).map(String)}
          placeholder={standard || (kind.values ? kind.values.join(', ') : 'One a line')}
          onLines={(lines) => onChange(lines.length === 0 ? undefined : lines)}
          described={described}
        />,
      );
    case 'pairs':
      return field(
        <Lines
          id={id}
          lines={Object.entries(object(value)).map(([key, each]) => `${key}: ${each ?? ''}`)}
          placeholder="name: value"
          onLines={(lines) => onChange(lines.length === 0 ? undefined : Object.fromEntries(lines.map(pair)))}
          described={described}
        />,
      );
    case 'group':
      return (
        <details class="group" open={value !== undefined}>
          <summary>
            {name} <span class="hint">{hint}</span>
          </summary>
          <div class="stack">
            <SchemaForm
              schema={kind.schema}
              defs={defs}
              value={object(value)}
              path={id}
              onChange={(next) => onChange(Object.keys(next).length === 0 ? undefined : next)}
            />
          </div>
        </details>
      );
    case 'oneOf': {
      const chosen = Object.keys(object(value))[0] ?? '';
      const option = kind.options.find((each) => each.key === chosen);
      return (
        <>
          {field(
            <select id={id} value={chosen} onChange={(event) => onChange(event.currentTarget.value ? { [event.currentTarget.value]: null } : undefined)} {...described}>
              <option value="">{standard ? `Default: ${standard}` : 'Not set'}</option>
              {kind.options.map((each) => (
                <option key={each.key} value={each.key}>
                  {each.key}
                </option>
              ))}
            </select>,
          )}
          {option && (
            <One
              name={`${name}.${chosen}`}
              id={`${id}-${chosen}`}
              schema={plain(option.schema, defs)}
              kind={kindOf(option.schema, defs)}
              defs={defs}
              required
              value={object(value)[chosen] ?? undefined}
              onChange={(next) => onChange({ [chosen]: next ?? null })}
            />
          )}
        </>
      );
    }
    case 'written':
      return <Written name={name} hint={hint} value={value ?? null} />;
  }
}

/** What is too rich for a form is shown, and changed in the YAML beside it. */
const Written = ({ name, hint, value }: { name: string; hint?: string; value: Json }) => (
  <div class="field">
    <span class="label">{name}</span>
    <code class="break">{inline(value) || 'not set'}</code>
    <p class="hint">{hint} Change it in the YAML.</p>
  </div>
);

function pair(line: string): [string, string] {
  const at = line.indexOf(':');
  return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

interface LinesProps {
  id: string;
  lines: string[];
  placeholder: string;
  onLines: (lines: string[]) => void;
  described: Described;
}

function Lines({ id, lines, placeholder, onLines, described }: LinesProps) {
  return (
    <textarea
      id={id}
      rows={Math.max(2, lines.length + 1)}
      spellcheck={false}
      placeholder={placeholder}
      // Not kept in step while it is typed in: an empty last line is one that is about to be written.
      defaultValue={lines.join('\n')}
      onInput={(event) => onLines(event.currentTarget.value.split('\n').map((line) => line.trim()).filter(Boolean))}
      {...described}
    />
  );
}
