'use strict'
// Runs an operation of the native half as a promise.
//
// The native half never calls a function of the user's: what one throws would end the process.
// It calls `hear` alone, which does not throw, and waits until `reply` has been called.

const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks')
const { StringDecoder } = require('node:string_decoder')
const { fromDocument, fromThrown } = require('./errors.cjs')
const { kinds } = require('./native.cjs')

/** An answer: take the default, or leave the variable unset. */
const USE_DEFAULT = Symbol.for('atk.useDefault')

const CANCELLED = kinds().find((kind) => kind.code === 'cancelled')

/** The operation whose callback runs: an operation that it starts cannot change the same home. */
const calling = new AsyncLocalStorage()

/** Turns the bytes of commands into text, whose characters may be cut anywhere. */
class Texts {
  #decoders = new Map()

  of(event) {
    const key = JSON.stringify([event.plugin, event.command, event.stream])
    if (!this.#decoders.has(key)) this.#decoders.set(key, new StringDecoder('utf8'))
    return this.#decoders.get(key).write(event.chunk)
  }

  /** Output events for what was cut and never went on. */
  *rest() {
    for (const [key, decoder] of this.#decoders) {
      const [plugin, command, stream] = JSON.parse(key)
      const text = decoder.end()
      if (text) yield asJson({ event: 'output', plugin, command, stream, text, chunk: Buffer.alloc(0) })
    }
    this.#decoders.clear()
  }
}

/** Bytes do not pass as JSON: `JSON.stringify` writes an event of output without them. */
function asJson(event) {
  const { chunk, ...rest } = event
  return Object.defineProperty(event, 'toJSON', { value: () => rest })
}

/** The arguments of `Operation.reply` for what `onPrompt` returned. */
function answer(given) {
  if (given === undefined || given === null) return ['unanswered']
  if (given === true) return ['yes']
  if (given === false) return ['no']
  if (given === USE_DEFAULT) return ['default']
  if (typeof given === 'string') return ['text', given]
  throw new TypeError(`onPrompt returned a ${typeof given}, not a string, a boolean, USE_DEFAULT or undefined`)
}

function aborted(signal, origin) {
  const document = { message: 'the operation was aborted', ...CANCELLED }
  return fromDocument(document, { cause: signal.reason(), origin })
}

/** Tells the user's functions of events, and waits for them. */
function listener({ onEvent, onOutput }) {
  const texts = new Texts()
  const tell = async (event) => {
    await onEvent?.(event)
    if (event.event === 'output') await onOutput?.(event)
  }
  return async (document, chunk) => {
    const event = JSON.parse(document)
    if (event.event !== 'output') {
      for (const rest of texts.rest()) await tell(rest)
      return tell(event)
    }
    event.chunk = chunk
    event.text = texts.of(event)
    return tell(asJson(event))
  }
}

/** Ends the listening to a signal. A signal of the user's may throw, and the operation has ended. */
function quietly(stop) {
  try {
    stop?.()
  } catch {
    // Nothing is lost but a listener.
  }
}

/**
 * Runs an operation. What a callback throws cancels it and is what the promise rejects with, once
 * the operation has ended and the home is as it was before. Its own errors have the stack of
 * `origin`.
 */
function run(home, name, request, callbacks, origin) {
  const { signal, stop: ours, onEvent, onOutput, onPrompt } = callbacks
  return new Promise((resolve, reject) => {
    if (signal?.aborted()) throw aborted(signal, origin)
    const tell = listener(callbacks)
    // Callbacks see what the caller put into an `AsyncLocalStorage`.
    const resource = new AsyncResource('AtkOperation')
    const within = (callback, ...given) =>
      resource.runInAsyncScope(() => calling.run(operation, callback, ...given))
    let thrown
    let operation

    const failed = (error) => {
      thrown ??= { error }
      operation.cancel()
      return ['unanswered']
    }
    const ended = ({ type, outcome, error: document }) => {
      if (thrown) return reject(thrown.error)
      if (type === 'finished') return resolve(JSON.parse(outcome))
      const error = JSON.parse(document)
      const cancelled = error.code === CANCELLED.code && signal?.aborted()
      reject(fromDocument(error, { cause: cancelled ? signal.reason() : undefined, origin }))
    }
    const hear = async (message) => {
      const { type, id } = message
      if (type === 'event') {
        // After a throw the user hears no more.
        const told = thrown ? Promise.resolve() : within(tell, message.document, message.chunk)
        operation.reply(id, ...(await told.then(() => ['unanswered'], failed)))
      } else if (type === 'prompt') {
        const ask = async () => answer(await onPrompt(JSON.parse(message.document)))
        operation.reply(id, ...(await within(ask).catch(failed)))
      } else {
        quietly(stop)
        ended(message)
      }
    }
    // Nothing that goes wrong here may end the program.
    const listen = (message) => void hear(message).catch((error) => (failed(error), reject(error)))

    // What a signal throws comes before the operation.
    const stop = signal?.listen(() => operation?.cancel())
    ours?.addEventListener('abort', () => operation?.cancel(), { once: true })
    try {
      const hears = Boolean(onEvent || onOutput)
      operation = home.start(name, JSON.stringify(request), hears, Boolean(onPrompt), listen, calling.getStore())
    } catch (error) {
      quietly(stop)
      throw fromThrown(error, { origin })
    }
    if (signal?.aborted() || ours?.aborted) operation.cancel()
  })
}

module.exports = { run, USE_DEFAULT }
