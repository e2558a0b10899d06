'use strict'
// The library has snake_case, JavaScript has camelCase. Documents come with names in camelCase
// already: `document.rs`.

/** A name of the library in the case of JavaScript. */
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())

/** An option's name in the case of the library. */
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** A message with the names of arguments, options and operations in camelCase. */
const camelizedMessage = (message) => message.replace(/`[a-z]+(?:_[a-z]+)+`/g, camel)

module.exports = { camel, snake, camelizedMessage }
