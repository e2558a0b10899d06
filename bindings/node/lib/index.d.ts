// What the package exports. The documents, the home and its options are generated.

import type { CallOptions } from './callbacks.js'
import type { Details, ErrorCode, Fetched, Source } from './documents.js'
import type { FetchOptions, Options } from './home.js'

export * from './callbacks.js'
export * from './documents.js'
export * from './home.js'

/** An answer: take the default, or leave the variable unset. */
export declare const USE_DEFAULT: unique symbol

/** How the home is opened that an operation needs which uses no home. */
export interface HomeOptions {
  homeOptions?: Options | undefined
}

/** Returns what a source means, without a home. */
export declare function resolve(source: string | URL, options?: CallOptions & HomeOptions): Promise<Source>

/** Copies a source's plugin files into a directory, without a home. */
export declare function fetchPlugin(
  source: string | URL,
  dest: string | URL,
  options?: FetchOptions & HomeOptions,
): Promise<Fetched>

/** @deprecated It has the name of a global: use {@link fetchPlugin}. */
export declare const fetch: typeof fetchPlugin

/** An error as `JSON.stringify` writes it. */
export interface AtkErrorDocument {
  name: 'AtkError' | 'AbortError'
  message: string
  code: ErrorCode
  number: number
  exitCode: number
  details: Details
}

/** What an error is made from. Without a code it is `internal`. */
export interface AtkErrorOptions {
  code?: ErrorCode | undefined
  details?: Details | undefined
  cause?: unknown
}

/**
 * Why an operation failed. It changed nothing, except for what a plugin's own commands did. Its
 * stack has the line that called the operation.
 *
 * `JSON.stringify` keeps all but the stack and the cause. `structuredClone` and `postMessage` keep
 * of any error the message, the stack and the cause alone: send `error.toJSON()`, and make it an
 * error again with {@link AtkError.from}.
 */
export declare class AtkError extends Error {
  /** Makes an error, as tests of a program want it. */
  constructor(message: string, options?: AtkErrorOptions)
  /**
   * Makes an error of what `toJSON` returned, of the same from `JSON.parse`, or of a structured clone
   * of an error, which has lost its `details`. Throws a `TypeError` if it is none of these.
   */
  static from(value: unknown): AtkError
  /** What to act on. */
  readonly code: ErrorCode
  /** The code's number, which never changes. */
  readonly number: number
  /** The exit status of a command line. */
  readonly exitCode: number
  /** What it is about. */
  readonly details: Details
  /** What `JSON.stringify` writes. */
  toJSON(): AtkErrorDocument
}

/** The operation was aborted; `cause` is the signal's reason. */
export declare class AbortError extends AtkError {
  readonly code: 'cancelled'
}

/** Every error code, with its number and exit code. */
export declare const ERROR_CODES: Readonly<
  Record<ErrorCode, { readonly number: number; readonly exitCode: number }>
>
