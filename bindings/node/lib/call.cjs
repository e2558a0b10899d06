'use strict'
// Calls an operation of the native half with the arguments and options of JavaScript.

const { checkedCall } = require('./check.cjs')
const { fromDocument } = require('./errors.cjs')
const { camel, snake } = require('./names.cjs')
const { run } = require('./operation.cjs')

/** Where a `Home` keeps its native half. */
const NATIVE = Symbol('native')

/** Where a `Home` keeps what a leading `~` is, if an option says so. */
const USER_HOME = Symbol('userHome')

/** `onEvent`, after a function of ours that hears of every event. */
function afterOurs(hear, onEvent) {
  return async (event) => {
    hear(event)
    await onEvent?.(event)
  }
}

/**
 * Runs an operation and returns its outcome in the shape of JavaScript. `given` is what its method
 * was called with. `ours` may have a function `hear` for events, and an `AbortSignal` `stop`.
 */
async function call(home, operation, given, { hear, stop } = {}) {
  // An error is made when the operation has ended, far from the line that called it.
  const origin = {}
  Error.captureStackTrace(origin, call)
  const name = camel(operation.name)
  if (!home?.[NATIVE]) throw new TypeError(`\`${name}\` must be called as a method of a \`Home\``)
  const { arguments: expected, options: takes } = operation
  const { request, options } = checkedCall([...given], name, expected, takes, home[USER_HOME])
  const { signal, onEvent, onOutput, onPrompt, ...own } = options
  const all = { ...own, ...request }
  const passed = Object.fromEntries(Object.entries(all).map(([key, value]) => [snake(key), value]))
  const callbacks = { signal, stop, onEvent: hear ? afterOurs(hear, onEvent) : onEvent, onOutput, onPrompt }
  return shaped(await run(home[NATIVE], operation.name, passed, callbacks, origin), origin)
}

/** The outcome, with the failures of a report as errors. */
function shaped(outcome, origin) {
  if (Array.isArray(outcome?.plugins)) {
    for (const line of outcome.plugins) {
      if (line.result === 'failed') line.error = fromDocument(line.error, { origin })
    }
  }
  return outcome
}

module.exports = { call, NATIVE, USER_HOME }
