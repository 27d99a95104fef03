import { useState } from 'preact/hooks';
import { micros } from '../../format';
import type { RouteStep } from '../../types';
import { Icon } from '../../ui/icons';
import { Tag, type Tone } from '../../ui/parts';
import { inline } from '../../ui/yaml';
import type { Written } from './draft';
import type { Measured } from './written';

interface Props {
  before: RouteStep[];
  own: Written[];
  facts: Record<string, Measured>;
  upstream: string | null;
  changeable: boolean;
  onEdit: (index: number) => void;
  onChange: (all: Written[], done: string) => void;
}

/** The id that a step has: its own, or its type, numbered from the second on. */
export function idOf(own: Written[], index: number): string {
  const step = own[index];
  if (typeof step.beside.id === 'string') {
    return step.beside.id;
  }
  const nth = own.slice(0, index + 1).filter((each) => each.type === step.type).length;
  return nth === 1 ? step.type : `${step.type}-${nth}`;
}

/** The steps from the client to the upstream. They are moved by dragging, by buttons, and by Alt with an arrow. */
export function Chain({ before, own, facts, upstream, changeable, onEdit, onChange }: Props) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);

  const move = (from: number, to: number) => {
    if (to < 0 || to >= own.length || from === to) {
      return;
    }
    const all = [...own];
    const [step] = all.splice(from, 1);
    all.splice(to, 0, step);
    onChange(all, `${step.type} moved to ${to + 1}`);
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-step="${to}"]`)?.focus());
  };
  const mode = (index: number, mode: string) =>
    onChange(
      own.map((step, at) => {
        if (at !== index) {
          return step;
        }
        const { mode: _, ...beside } = step.beside;
        return { ...step, beside: mode === 'enforce' ? beside : { ...beside, mode } };
      }),
      `${own[index].type} set to ${mode}`,
    );

  return (
    <ol class="chain" aria-label="Steps, in order">
      <li class="end">Client</li>
      {before.map((step) => (
        <li key={`default-${step.id}`} class="step fixed">
          <div class="step-head">
            <strong>{step.id}</strong>
            <Tag>of defaults</Tag>
            {step.mode && <Tag tone="info">{step.mode}</Tag>}
            <span class="gap" />
            <Facts facts={facts[step.id]} />
          </div>
        </li>
      ))}
      {own.map((step, index) => {
        const id = idOf(own, index);
        const now = String(step.beside.mode ?? 'enforce');
        return (
          <li
            key={id}
            class={`step ${now} ${over === index && dragged !== null ? (dragged < index ? 'drop-after' : 'drop-before') : ''} ${dragged === index ? 'dragged' : ''}`}
            aria-label={`Step ${index + 1}: ${id}`}
            data-step={index}
            tabIndex={changeable ? 0 : undefined}
            draggable={changeable}
            onDragStart={(event) => {
              setDragged(index);
              event.dataTransfer!.effectAllowed = 'move';
              event.dataTransfer!.setData('text/plain', id);
            }}
            onDragOver={(event) => {
              if (dragged !== null) {
                event.preventDefault();
                setOver(index);
              }
            }}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== null) {
                move(dragged, index);
              }
              setDragged(null);
            }}
            onDragEnd={() => (setDragged(null), setOver(null))}
            onKeyDown={(event) => {
              if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown') && changeable) {
                event.preventDefault();
                move(index, index + (event.key === 'ArrowUp' ? -1 : 1));
              } else if (event.key === 'Enter' && event.target === event.currentTarget && changeable) {
                onEdit(index);
              }
            }}
          >
            <div class="step-head">
              {changeable && (
                <span class="grip" title="Drag, or Alt with an arrow">
                  <Icon name="grip" />
                </span>
              )}
              <span class="order">{index + 1}</span>
              <strong>{id}</strong>
              {id !== step.type && <span class="muted">{step.type}</span>}
              {step.beside.canary !== undefined && <Tag tone="warn">canary</Tag>}
              {step.beside.when !== undefined && <Tag>when {inline(step.beside.when)}</Tag>}
              <span class="gap" />
              <Facts facts={facts[id]} />
              <Mode id={id} now={now} changeable={changeable} onSet={(next) => mode(index, next)} />
              {changeable && (
                <span class="row tight">
                  <Do icon="up" name={`Move ${id} up`} off={index === 0} on={() => move(index, index - 1)} />
                  <Do icon="down" name={`Move ${id} down`} off={index === own.length - 1} on={() => move(index, index + 1)} />
                  <Do icon="edit" name={`Edit ${id}`} on={() => onEdit(index)} />
                  <Do icon="trash" name={`Remove ${id}`} on={() => onChange(own.filter((_, at) => at !== index), `${id} removed`)} />
                </span>
              )}
            </div>
            <div class="step-config mono break">{inline(step.config) || <span class="muted">no settings</span>}</div>
          </li>
        );
      })}
      <li class="end">{upstream ? `Upstream ${upstream}` : 'No upstream: a step answers'}</li>
    </ol>
  );
}

function Do({ icon, name, on, off }: { icon: 'up' | 'down' | 'edit' | 'trash'; name: string; on: () => void; off?: boolean }) {
  return (
    <button type="button" class="quiet icon-only" aria-label={name} title={name} disabled={off} onClick={on}>
      <Icon name={icon} />
    </button>
  );
}

interface ModeProps {
  id: string;
  now: string;
  changeable: boolean;
  onSet: (mode: string) => void;
}

function Mode({ id, now, changeable, onSet }: ModeProps) {
  if (!changeable) {
    return <Tag tone={now === 'monitor' ? 'info' : 'plain'}>{now}</Tag>;
  }
  return (
    <span class="choice" role="group" aria-label={`Mode of ${id}`}>
      {['enforce', 'monitor', 'off'].map((mode) => (
        <button type="button" key={mode} aria-pressed={now === mode} onClick={() => now !== mode && onSet(mode)}>
          {mode[0].toUpperCase() + mode.slice(1)}
        </button>
      ))}
    </span>
  );
}

export const verdictTone = (verdict: string): Tone =>
  verdict === 'answered' || verdict === 'failed' ? 'bad' : verdict === 'changed' ? 'info' : verdict === 'passed' ? 'ok' : 'plain';

function Facts({ facts }: { facts: Measured | undefined }) {
  if (!facts) {
    return null;
  }
  return (
    <span class="tags">
      <span class="muted">{micros(facts.meanMicros)}</span>
      {Object.entries(facts.verdicts).map(([verdict, times]) => (
        <Tag key={verdict} tone={verdictTone(verdict)}>
          {times} {verdict}
        </Tag>
      ))}
    </span>
  );
}
