'use strict'
// Loads the native half: from where NAPI_RS_NATIVE_LIBRARY_PATH says, from `native/` where it was
// built here, from the package of the platform where it was installed.

const path = require('node:path')
const packageName = require('../package.json').name

/** The platform as its package is called: `linux-x64-gnu`. */
function platform() {
  return `${process.platform}-${process.arch}${abi()}`
}

function abi() {
  if (process.platform === 'win32') return '-msvc'
  if (process.platform !== 'linux') return ''
  return process.report.getReport().header.glibcVersionRuntime ? '-gnu' : '-musl'
}

function load() {
  const given = process.env.NAPI_RS_NATIVE_LIBRARY_PATH
  if (given) return require(path.resolve(given))
  const wanted = `${packageName}-${platform()}`
  try {
    return require(`../native/atk.${platform()}.node`)
  } catch (here) {
    if (here.code !== 'MODULE_NOT_FOUND') throw missing(wanted, here)
  }
  try {
    return require(wanted)
  } catch (cause) {
    throw missing(wanted, cause)
  }
}

function missing(wanted, cause) {
  const error = new Error(
    `the native half of \`${packageName}\` cannot be loaded; the package \`${wanted}\` has it.\n` +
      'It is not found where\n' +
      '- node_modules or the lockfile were made on another system: delete both and install anew\n' +
      '  (https://github.com/npm/cli/issues/4828);\n' +
      '- optional dependencies were left out: install without `--omit=optional`;\n' +
      '- a bundler took the JavaScript alone: mark the package as external, and ship both;\n' +
      '- there is none for this system: build it, and name the file in NAPI_RS_NATIVE_LIBRARY_PATH.',
    { cause },
  )
  error.code = 'ERR_ATK_NATIVE_MISSING'
  return error
}

module.exports = load()
