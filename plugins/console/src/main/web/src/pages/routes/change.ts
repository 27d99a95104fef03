import { call, Problem } from '../../api';
import type { JsonObject, Plan } from '../../types';

/** What can be changed by itself: a part of the configuration, under its name. */
export interface Change {
  method: 'PUT' | 'POST' | 'DELETE';
  path: string;
  body?: JsonObject;
  generation?: number;
}

/** What comes of a change: a plan, or where files own the configuration a patch for them. */
export type Outlook = { plan: Plan | null; patch: string | null; file?: string; line?: number };

const owned = (failure: unknown): Outlook | null =>
  failure instanceof Problem && failure.body.patch !== undefined
    ? {
        plan: null,
        patch: String(failure.body.patch),
        file: String(failure.body.file ?? ''),
        line: Number(failure.body.line ?? 0),
      }
    : null;

/** Plans it, and leaves nothing. */
export async function outlook(change: Change): Promise<Outlook> {
  try {
    const plan = await call<Plan>(change.method, change.path, {
      body: change.body,
      generation: change.generation,
      query: { dryRun: true },
    });
    return { plan, patch: plan.patch ?? null, file: plan.file, line: plan.line };
  } catch (failure) {
    const found = owned(failure);
    if (found) {
      return found;
    }
    throw failure;
  }
}

/** Does it; gives the generation that serves then, or the patch where files own the configuration. */
export async function apply(change: Change, message: string): Promise<{ generation: number; warnings: string[] } | Outlook> {
  try {
    return await call(change.method, change.path, {
      body: change.body,
      generation: change.generation,
      query: { message },
    });
  } catch (failure) {
    const found = owned(failure);
    if (found) {
      return found;
    }
    throw failure;
  }
}
