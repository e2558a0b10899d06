'use strict'

const { AtkError, AbortError } = require('./errors.cjs')
const { Home } = require('./home.cjs')
const { kinds } = require('./native.cjs')
const { USE_DEFAULT } = require('./operation.cjs')

/** Every error code, with its number and exit code. */
const ERROR_CODES = Object.freeze(
  Object.fromEntries(
    kinds().map(({ code, number, exitCode }) => [code, Object.freeze({ number, exitCode })]),
  ),
)

/** Says what a source means, without a home. */
async function resolve(source, { settings, ...options } = {}) {
  return Home.open(undefined, settings).resolve(source, options)
}

/** Brings a source's plugin files into a directory, without a home. */
async function fetch(source, dest, { settings, ...options } = {}) {
  return Home.open(undefined, settings).fetch(source, dest, options)
}

module.exports.Home = Home
module.exports.AtkError = AtkError
module.exports.AbortError = AbortError
module.exports.ERROR_CODES = ERROR_CODES
module.exports.USE_DEFAULT = USE_DEFAULT
module.exports.resolve = resolve
module.exports.fetch = fetch
