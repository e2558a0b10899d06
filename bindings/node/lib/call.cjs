'use strict'
// Calls an operation of the native half with the arguments and options of JavaScript.

const { fromDocument } = require('./errors.cjs')
const { camel, camelized, snake } = require('./names.cjs')
const { run } = require('./operation.cjs')

/** The options that are not passed on to the library. */
const CALLBACKS = ['signal', 'onEvent', 'onOutput', 'onPrompt']
/** Where a `Home` keeps its native half. */
const NATIVE = Symbol('native')

/**
 * Runs an operation and returns its outcome in the shape of JavaScript. `takes` are the names of the
 * options that the operation takes.
 */
async function call(home, operation, positional, takes, options = {}) {
  check(operation, takes, options)
  const own = takes.filter((name) => !CALLBACKS.includes(name) && options[name] !== undefined)
  const request = { ...Object.fromEntries(own.map((name) => [snake(name), options[name]])), ...positional }
  return shaped(await run(home[NATIVE], operation, request, options))
}

function check(operation, takes, options) {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    if (!takes.includes(name)) throw new TypeError(`\`${camel(operation)}\` does not take the option \`${name}\``)
    if (/^on[A-Z]/.test(name) && typeof value !== 'function') {
      throw new TypeError(`\`${name}\` is not a function`)
    }
  }
}

/** The outcome with names in camelCase, and with the failures of a report as errors. */
function shaped(outcome) {
  const made = camelized(outcome)
  if (Array.isArray(outcome?.plugins)) {
    outcome.plugins.forEach((line, at) => {
      if (line.result === 'failed') made.plugins[at].error = fromDocument(line.error)
    })
  }
  return made
}

module.exports = { call, NATIVE }
