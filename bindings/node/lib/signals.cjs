'use strict'
// What ends an operation early: an `AbortSignal`, or a `CancellationToken` as of VS Code.

const isAbortSignal = (value) =>
  typeof value?.aborted === 'boolean' &&
  typeof value.addEventListener === 'function' &&
  typeof value.removeEventListener === 'function'

const isToken = (value) =>
  typeof value?.isCancellationRequested === 'boolean' && typeof value.onCancellationRequested === 'function'

/** True for what `signal` may be. */
const isSignal = (value) => typeof value === 'object' && (isAbortSignal(value) || isToken(value))

/** One shape for both: `aborted`, `reason`, and `listen`, which returns the function that ends it. */
function adapted(signal) {
  if (isAbortSignal(signal)) {
    return {
      aborted: () => signal.aborted,
      reason: () => signal.reason,
      listen: (abort) => {
        signal.addEventListener('abort', abort, { once: true })
        return () => signal.removeEventListener('abort', abort)
      },
    }
  }
  return {
    aborted: () => signal.isCancellationRequested,
    reason: () => undefined,
    listen: (abort) => {
      const listening = signal.onCancellationRequested(() => abort())
      return () => listening?.dispose?.()
    },
  }
}

module.exports = { adapted, isSignal }
