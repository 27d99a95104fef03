import { signal } from '@preact/signals';
import type { Json, JsonObject } from '../../types';

/** A route's parts as written, changed and not applied yet. */
export interface Draft {
  /** What it was when the change began. */
  base: JsonObject;
  now: JsonObject;
  /** The generation that the change began with; null for a route that is not there yet. */
  generation: number;
  /** What was done, in words. */
  done: string[];
}

/** By the route's name. They stay while one looks elsewhere, and while one logs in again. */
export const drafts = signal<Record<string, Draft>>({});

export function keep(name: string, draft: Draft | null) {
  const { [name]: old, ...rest } = drafts.value;
  void old;
  drafts.value = draft && JSON.stringify(draft.now) !== JSON.stringify(draft.base) ? { ...rest, [name]: draft } : rest;
}

const BESIDE = new Set(['id', 'mode', 'when', 'version', 'onError', 'failOpen', 'canary', 'share', 'required']);

/** A step as written: its type, its settings, and what stands beside them. */
export interface Written {
  type: string;
  config: Json;
  beside: JsonObject;
}

export function steps(route: JsonObject): Written[] {
  return list(route.plugins).map((each) => {
    const step = typeof each === 'string' ? { [each]: null } : (each as JsonObject);
    const type = Object.keys(step).find((key) => !BESIDE.has(key)) ?? '?';
    const beside = Object.fromEntries(Object.entries(step).filter(([key]) => key !== type));
    return { type, config: step[type] ?? null, beside };
  });
}

export function withSteps(route: JsonObject, all: Written[]): JsonObject {
  return { ...route, plugins: all.map(write) };
}

export const write = (step: Written): JsonObject => ({ [step.type]: step.config, ...step.beside });

export const list = (value: Json | undefined): Json[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

export const object = (value: Json | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
