// What the package exports. The documents, the home and its options are generated.

import type { CallOptions } from './callbacks.js'
import type { Details, ErrorCode, Fetched, Source } from './documents.js'
import type { FetchOptions, Options } from './home.js'

export * from './callbacks.js'
export * from './documents.js'
export * from './home.js'

/** An answer: take the default, or leave the variable unset. */
export declare const USE_DEFAULT: unique symbol

/** Returns what a source means, without a home. */
export declare function resolve(
  source: string,
  options?: CallOptions & { homeOptions?: Options },
): Promise<Source>

/** Copies a source's plugin files into a directory, without a home. */
export declare function fetch(
  source: string,
  dest: string,
  options?: FetchOptions & { homeOptions?: Options },
): Promise<Fetched>

/** Why an operation failed. It changed nothing, except for what a plugin's own commands did. */
export declare class AtkError extends Error {
  protected constructor()
  /** What to act on. */
  readonly code: ErrorCode
  /** The code's number, which never changes. */
  readonly number: number
  /** The exit status of a command line. */
  readonly exitCode: number
  /** What it is about. */
  readonly details: Details
}

/** The operation was aborted; `cause` is the signal's reason. */
export declare class AbortError extends AtkError {
  protected constructor()
  readonly code: 'cancelled'
}

/** Every error code, with its number and exit code. */
export declare const ERROR_CODES: Readonly<
  Record<ErrorCode, { readonly number: number; readonly exitCode: number }>
>
