'use strict'

const { isRecord } = require('./check.cjs')
const { AtkError, AbortError, ERROR_CODES } = require('./errors.cjs')
const { Home } = require('./home.cjs')
const { USE_DEFAULT } = require('./operation.cjs')

/** A handle for an operation that needs no home, and the options of the operation. */
function homeless(options) {
  if (!isRecord(options)) return { home: new Home(), options }
  const { homeOptions, ...rest } = options
  return { home: new Home(undefined, homeOptions), options: rest }
}

/** Returns what a source means, without a home. */
async function resolve(source, given) {
  const { home, options } = homeless(given)
  return home.resolve(source, options)
}

/** Copies a source's plugin files into a directory, without a home. */
async function fetchPlugin(source, dest, given) {
  const { home, options } = homeless(given)
  return home.fetch(source, dest, options)
}

module.exports.Home = Home
module.exports.AtkError = AtkError
module.exports.AbortError = AbortError
module.exports.ERROR_CODES = ERROR_CODES
module.exports.USE_DEFAULT = USE_DEFAULT
module.exports.resolve = resolve
module.exports.fetchPlugin = fetchPlugin
// The name of a global.
module.exports.fetch = fetchPlugin
