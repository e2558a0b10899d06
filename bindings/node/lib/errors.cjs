'use strict'

const { camelized } = require('./names.cjs')

/** A failure. `code` is what to act on; see `ErrorCode`. */
class AtkError extends Error {
  constructor(message, { code, number, exitCode, details = {}, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.number = number
    this.exitCode = exitCode
    this.details = details
  }

  get name() {
    return 'AtkError'
  }
}

/** The operation was aborted; `cause` is the signal's reason. */
class AbortError extends AtkError {
  get name() {
    return 'AbortError'
  }
}

/** The error for a document of the library. */
function fromDocument(document, cause) {
  const Made = document.code === 'cancelled' ? AbortError : AtkError
  return new Made(document.message, {
    code: document.code,
    number: document.number,
    exitCode: document.exit_code,
    details: camelized(document.details ?? {}),
    cause,
  })
}

/** What the native half threw, whose message is a document, as the error it means. */
function fromThrown(thrown) {
  try {
    const document = JSON.parse(thrown.message)
    if (typeof document.code === 'string') return fromDocument(document)
  } catch {
    // It is an error of another kind.
  }
  return thrown
}

module.exports = { AtkError, AbortError, fromDocument, fromThrown }
