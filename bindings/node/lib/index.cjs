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

/** Returns what a source means, without a home. */
async function resolve(source, { homeOptions, ...options } = {}) {
  return Home.open(undefined, homeOptions).resolve(source, options)
}

/** Copies a source's plugin files into a directory, without a home. */
async function fetch(source, dest, { homeOptions, ...options } = {}) {
  return Home.open(undefined, homeOptions).fetch(source, dest, options)
}

module.exports.Home = Home
module.exports.AtkError = AtkError
module.exports.AbortError = AbortError
module.exports.ERROR_CODES = ERROR_CODES
module.exports.USE_DEFAULT = USE_DEFAULT
module.exports.resolve = resolve
module.exports.fetch = fetch
