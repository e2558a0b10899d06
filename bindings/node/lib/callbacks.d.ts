// What JavaScript hands over besides the options of the library: plans, the signal and the callbacks.

import type { AtkEvent, ChangedEvent, Line, OutputEvent, Prompt, Report, UpgradePlan } from './documents.js'
import type { USE_DEFAULT } from './index.js'

/**
 * The plans that an upgrade may carry out: the report of `planUpgrade`, lines or plans of it, or the
 * digests of plans. Without a single plan, as in a report in which everything is up to date, nothing
 * is upgraded.
 */
export type ApprovedPlans =
  | string
  | UpgradePlan
  | Line<UpgradePlan>
  | Report<UpgradePlan>
  | readonly ApprovedPlans[]

/** As much of VS Code's `CancellationToken` as is used. */
export interface CancellationTokenLike {
  readonly isCancellationRequested: boolean
  readonly onCancellationRequested: (listener: () => unknown) => { dispose(): unknown }
}

/**
 * An answer to a prompt: a text, yes or no, or the default; `undefined` or `null` for no answer. If
 * an operation needs the answer, it then rejects with an error that names the prompt.
 */
export type Reply = string | boolean | typeof USE_DEFAULT | null | undefined

/** What every operation takes. */
export interface CallOptions {
  /**
   * Aborts the operation: it rejects with an `AbortError` once it has ended, and the home is as it
   * was before. A `CancellationToken` of VS Code does the same.
   */
  signal?: AbortSignal | CancellationTokenLike | undefined
}

/** What operations take that report events. */
export interface EventOptions extends CallOptions {
  /**
   * Receives events, also those of output; the operation waits for it. What it throws or rejects
   * with cancels the operation and is what the operation rejects with.
   */
  onEvent?: ((event: AtkEvent) => unknown) | undefined
}

/** What operations take that run commands of plugins. */
export interface OutputOptions extends CallOptions {
  /**
   * Receives what commands of plugins write. If `onEvent` is given too, both receive it, `onEvent`
   * first. What it throws is handled as by `onEvent`.
   */
  onOutput?: ((output: OutputEvent) => unknown) | undefined
}

/** What operations take that ask. */
export interface PromptOptions extends CallOptions {
  /** Answers prompts that are not answered beforehand. What it throws is handled as by `onEvent`. */
  onPrompt?: ((prompt: Prompt) => Reply | Promise<Reply>) | undefined
}

/**
 * The changes of a home, from the call of `watch` on. At least one comes after the last change;
 * changes that nothing has waited for yet are one. Leaving the loop ends the watch. An abort of the
 * signal does too, and throws an `AbortError` in the loop.
 */
export interface Changes extends AsyncIterableIterator<ChangedEvent> {
  /** Resolves when the watch has begun: a change from then on is seen. */
  readonly ready: Promise<void>
  /** Ends the watch. */
  return(): Promise<IteratorResult<ChangedEvent>>
  [Symbol.asyncIterator](): Changes
}
