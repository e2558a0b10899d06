// What JavaScript hands over besides the options of the library: the signal and the callbacks.

import type { Event, OutputEvent, Prompt } from './documents.js'
import type { USE_DEFAULT } from './index.js'

/**
 * An answer to a prompt: a text, yes or no, or the default; `undefined` or `null` for no answer. If
 * an operation needs the answer, it then rejects with an error that names the prompt.
 */
export type Reply = string | boolean | typeof USE_DEFAULT | null | undefined

/** What every operation takes. */
export interface CallOptions {
  /**
   * Aborts the operation: it rejects with an `AbortError` once it has ended, and the home is as it
   * was before.
   */
  signal?: AbortSignal
}

/** What operations take that report events. */
export interface EventOptions extends CallOptions {
  /**
   * Receives events; the operation waits for it. What it throws or rejects with cancels the
   * operation and is what the operation rejects with.
   */
  onEvent?: (event: Event) => unknown
}

/** What operations take that run commands of plugins. */
export interface OutputOptions extends CallOptions {
  /** Receives what commands of plugins write. What it throws is handled as by `onEvent`. */
  onOutput?: (output: OutputEvent) => unknown
}

/** What operations take that ask. */
export interface PromptOptions extends CallOptions {
  /** Answers prompts that are not answered beforehand. What it throws is handled as by `onEvent`. */
  onPrompt?: (prompt: Prompt) => Reply | Promise<Reply>
}
