'use strict'
// Loads the native half: the file that NAPI_RS_NATIVE_LIBRARY_PATH names, one beside this file (of
// a bundle), one in `native/` (of a build), or the package of the platform.
//
// No `require` here has a text that a bundler could follow: the native half stays a file.

const fs = require('node:fs')
const { createRequire } = require('node:module')
const path = require('node:path')
const { fileURLToPath } = require('node:url')

const PACKAGE = '@svtoo/atk'

/** The platform as its package is called: `linux-x64-gnu`. */
function platform() {
  return `${process.platform}-${process.arch}${abi()}`
}

function abi() {
  if (process.platform !== 'linux') return ''
  return process.report.getReport().header.glibcVersionRuntime ? '-gnu' : '-musl'
}

/** This file, or the bundle that it is in. A bundle of ES modules has no `__filename`. */
function here() {
  if (typeof __filename === 'string' && fs.existsSync(__filename)) return __filename
  const { prepareStackTrace } = Error
  try {
    Error.prepareStackTrace = (_, frames) => frames[0].getFileName()
    const name = new Error().stack
    if (typeof name !== 'string') return process.execPath
    return name.startsWith('file:') ? fileURLToPath(name) : name
  } finally {
    Error.prepareStackTrace = prepareStackTrace
  }
}

function load() {
  const given = process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  const file = here()
  const load = createRequire(file)
  if (given) return load(path.resolve(given))
  const name = `atk.${platform()}.node`
  const found = [name, `../native/${name}`].map((one) => path.resolve(path.dirname(file), one)).find(fs.existsSync)
  const wanted = `${PACKAGE}-${platform()}`
  try {
    return load(found ?? wanted)
  } catch (cause) {
    throw missing(wanted, cause)
  }
}

function missing(wanted, cause) {
  const error = new Error(
    `the native half of \`${PACKAGE}\` cannot be loaded; the package \`${wanted}\` has it.\n` +
      'It is not found if\n' +
      '- node_modules or the lockfile were made on another system: delete both and install again\n' +
      '  (https://github.com/npm/cli/issues/4828);\n' +
      '- optional dependencies were left out: install without `--omit=optional`;\n' +
      `- a bundle was shipped alone: ship \`${wanted}\` in node_modules, or its one file beside the bundle\n` +
      `  (see "Bundlers" in the README of \`${PACKAGE}\`);\n` +
      '- there is none for this system (ATK runs on Linux and macOS): build it, and name the file in NAPI_RS_NATIVE_LIBRARY_PATH.',
    { cause },
  )
  error.code = 'ERR_ATK_NATIVE_MISSING'
  return error
}

module.exports = load()
