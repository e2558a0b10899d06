'use strict'
// The documents of the library have snake_case, JavaScript has camelCase.

/** A name of the library in the case of JavaScript. */
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())

/** An option's name in the case of the library. */
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/**
 * A document with its names in camelCase. The keys of `env` are names of variables and stay as
 * they are; values do too.
 */
function camelized(value, key) {
  if (Array.isArray(value)) return value.map((one) => camelized(one))
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  if (key === 'env') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [camel(name), camelized(one, name)]),
  )
}

/** A message with the names of arguments, options and operations in camelCase. */
const camelizedMessage = (message) => message.replace(/`[a-z]+(?:_[a-z]+)+`/g, camel)

module.exports = { camel, snake, camelized, camelizedMessage }
