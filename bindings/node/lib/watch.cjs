'use strict'
// The changes of a home as something to iterate over.

const { call } = require('./call.cjs')

/** Two changes as one. */
function merged(one, other) {
  if (!one) return other
  const plugins = [...new Set([...one.plugins, ...other.plugins])]
  return { ...other, plugins, manifest: one.manifest || other.manifest }
}

/**
 * Watches from the start, not from the first `next`. Changes that nothing has waited for yet are one:
 * a slow loop misses none, and no memory grows.
 */
class Changes {
  #change
  /** The calls of `next` that wait. */
  #waiting = []
  /** How it ended: `{}`, or with an `error` that is still to be thrown. */
  #ended
  #running
  #stop = new AbortController()

  constructor(home, operation, given) {
    let ready
    this.ready = new Promise((resolve, reject) => (ready = { resolve, reject }))
    // Who does not wait for it learns from the iteration what fails.
    this.ready.catch(() => {})
    const hear = (event) => {
      if (event.event === 'watching') ready.resolve()
      if (event.event === 'changed') {
        this.#change = merged(this.#change, event)
        this.#answer()
      }
    }
    const finish = (ended) => {
      this.#ended = this.#stop.signal.aborted ? {} : ended
      ready.reject(ended.error)
      this.#answer()
    }
    const running = call(home, operation, given, { hear, stop: this.#stop.signal })
    this.#running = running.then(
      () => finish({}),
      (error) => finish({ error }),
    )
  }

  /** Answers the calls that wait, as far as there is an answer. */
  #answer() {
    while (this.#waiting.length > 0 && (this.#change || this.#ended)) {
      const { resolve, reject } = this.#waiting.shift()
      if (this.#change) {
        resolve({ value: this.#change, done: false })
        this.#change = undefined
      } else if ('error' in this.#ended) {
        reject(this.#ended.error)
        this.#ended = {}
      } else {
        resolve({ value: undefined, done: true })
      }
    }
  }

  next() {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#answer()
    })
  }

  /** Ends the watch. A loop that is left calls it. */
  async return(value) {
    this.#stop.abort()
    await this.#running
    this.#change = undefined
    this.#ended = {}
    this.#answer()
    return { value, done: true }
  }

  [Symbol.asyncIterator]() {
    return this
  }
}

const watch = (home, operation, given) => new Changes(home, operation, given)

module.exports = { watch }
