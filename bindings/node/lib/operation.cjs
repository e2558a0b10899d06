'use strict'
// Runs an operation of the native half as a promise.
//
// The native half never calls a function of the user's: what one throws would end the process.
// It calls `hear` alone, which does not throw, and waits until `reply` has been called.

const { AsyncLocalStorage } = require('node:async_hooks')
const { StringDecoder } = require('node:string_decoder')
const { camelized } = require('./names.cjs')
const { AbortError, fromDocument, fromThrown } = require('./errors.cjs')
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
      if (text) yield { event: 'output', plugin, command, stream, text, chunk: Buffer.alloc(0) }
    }
    this.#decoders.clear()
  }
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

function aborted(signal) {
  return new AbortError('the operation was aborted', { ...CANCELLED, cause: signal.reason })
}

/** Tells the user's functions of events, and waits for them. */
function listener({ onEvent, onOutput }) {
  const texts = new Texts()
  const tell = async (event) => {
    await onEvent?.(event)
    if (event.event === 'output') await onOutput?.(event)
  }
  return async (document, chunk) => {
    const event = camelized(JSON.parse(document))
    if (event.event !== 'output') {
      for (const rest of texts.rest()) await tell(rest)
      return tell(event)
    }
    event.chunk = chunk
    event.text = texts.of(event)
    return tell(event)
  }
}

/**
 * Runs an operation. What a callback throws cancels it and is what the promise rejects with, once
 * the operation has ended and the home is as it was before.
 */
function run(home, name, request, options = {}) {
  const { signal, onEvent, onOutput, onPrompt } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted) throw aborted(signal)
    const tell = listener(options)
    let thrown
    let operation

    const failed = (error) => {
      thrown ??= { error }
      operation.cancel()
      return ['unanswered']
    }
    const abort = () => operation.cancel()
    const settle = (settled) => {
      signal?.removeEventListener('abort', abort)
      settled()
    }
    const hear = async (message) => {
      const { type, id } = message
      if (type === 'event') {
        // After a throw the user hears no more.
        const told = thrown ? Promise.resolve() : calling.run(operation, tell, message.document, message.chunk)
        operation.reply(id, ...(await told.then(() => ['unanswered'], failed)))
      } else if (type === 'prompt') {
        const ask = async () => answer(await onPrompt(camelized(JSON.parse(message.document))))
        const asked = calling.run(operation, ask)
        operation.reply(id, ...(await asked.catch(failed)))
      } else {
        settle(() => {
          if (thrown) return reject(thrown.error)
          if (type === 'finished') return resolve(JSON.parse(message.outcome))
          const error = JSON.parse(message.error)
          const cancelled = error.code === CANCELLED.code && signal?.aborted
          reject(fromDocument(error, cancelled ? signal.reason : undefined))
        })
      }
    }

    try {
      const text = JSON.stringify(request)
      const hears = Boolean(onEvent || onOutput)
      const listen = (message) => void hear(message)
      operation = home.start(name, text, hears, Boolean(onPrompt), listen, calling.getStore())
    } catch (error) {
      throw fromThrown(error)
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}

module.exports = { run, USE_DEFAULT }
