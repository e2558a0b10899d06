'use strict'

const { camelizedMessage } = require('./names.cjs')
const { kinds } = require('./native.cjs')

/** Every error code, with its number and exit code. */
const ERROR_CODES = Object.freeze(
  Object.fromEntries(kinds().map(({ code, number, exitCode }) => [code, Object.freeze({ number, exitCode })])),
)

/** A failure. `code` is what to act on; see `ErrorCode`. */
class AtkError extends Error {
  constructor(message, { code = 'internal', number, exitCode, details = {}, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.number = number ?? ERROR_CODES[code]?.number
    this.exitCode = exitCode ?? ERROR_CODES[code]?.exitCode
    this.details = details
    trace(this, this)
  }

  get name() {
    return 'AtkError'
  }

  toJSON() {
    const { name, message, code, number, exitCode, details } = this
    return { name, message, code, number, exitCode, details }
  }

  static from(value) {
    if (value instanceof AtkError) return value
    if (typeof value?.message === 'string') {
      const code = value.code ?? clonedCode(value)
      const Made = code === 'cancelled' ? AbortError : AtkError
      const { number, exitCode, details, cause } = value
      if (typeof code === 'string') {
        const made = new Made(value.message, { code, number, exitCode, details, cause })
        trace(made, value)
        return made
      }
    }
    throw new TypeError('`value` of `AtkError.from` must be an `AtkError`, a clone of one, or its JSON')
  }
}

/** The operation was aborted; `cause` is the signal's reason. */
class AbortError extends AtkError {
  constructor(message, options) {
    super(message, { code: 'cancelled', ...options })
  }

  get name() {
    return 'AbortError'
  }
}

/** `structuredClone` keeps of an error what is its own of the language: the message and the stack. */
function clonedCode({ stack }) {
  return /^(?:AtkError|AbortError) \[(\w+)\]: /.exec(stack)?.[1]
}

/** Gives an error the stack of another object, below a first line with its code. */
function trace(error, origin) {
  const { stack } = origin
  // A program may have put something else in its place.
  if (typeof stack !== 'string') return
  const at = stack.indexOf('\n    at ')
  const value = `${error.name} [${error.code}]: ${error.message}${at < 0 ? '' : stack.slice(at)}`
  Object.defineProperty(error, 'stack', { value, writable: true, configurable: true, enumerable: false })
}

/** The error for a document of the library; its stack is that of `origin`. */
function fromDocument(document, { cause, origin } = {}) {
  const { message, code, number, exitCode, details } = document
  const Made = code === 'cancelled' ? AbortError : AtkError
  const named = code === 'invalid_argument' ? camelizedMessage(message) : message
  const error = new Made(named, { code, number, exitCode, details, cause })
  if (origin) trace(error, origin)
  return error
}

/** What the native half threw, whose message is a document, as the error it means. */
function fromThrown(thrown, more) {
  try {
    const document = JSON.parse(thrown.message)
    if (typeof document.code === 'string') return fromDocument(document, more)
  } catch {
    // It is an error of another kind.
  }
  return thrown
}

module.exports = { AtkError, AbortError, ERROR_CODES, fromDocument, fromThrown, trace }
