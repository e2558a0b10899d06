'use strict'

const path = require('node:path')
const { NATIVE } = require('./call.cjs')
const { fromThrown } = require('./errors.cjs')
const { snake } = require('./names.cjs')
const { NativeHome } = require('./native.cjs')
const { Operations, PATHS } = require('./operations.cjs')

/** The options of a home as the native half takes them. */
function document(options) {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return JSON.stringify(
    Object.fromEntries(
      entries.map(([name, value]) => [snake(name), PATHS.includes(name) ? path.resolve(value) : value]),
    ),
  )
}

class Home extends Operations {
  constructor(where, options = {}) {
    super()
    try {
      this[NATIVE] = new NativeHome(where, document(options))
    } catch (error) {
      throw fromThrown(error)
    }
  }

  static open(where, options) {
    return new Home(where, options)
  }

  static async init(where, options, callOptions) {
    const home = new Home(where, options)
    await home.init(callOptions)
    return home
  }

  get path() {
    return this[NATIVE].path
  }
}

module.exports = { Home }
