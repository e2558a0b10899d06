'use strict'
// Paths as programs write them: `~`, `..`, and `file:` URLs.

const os = require('node:os')
const path = require('node:path')
const { fileURLToPath } = require('node:url')

/** True for a URL object, of any realm. A text is not one. */
function isUrl(value) {
  return typeof value === 'object' && typeof value?.href === 'string' && typeof value.protocol === 'string'
}

/** A `file:` URL as the path that it means. */
const fromUrl = (url) => fileURLToPath(url.href)

/** An absolute path without `..`. A leading `~` is `userHome`. */
function absolute(text, userHome = os.homedir()) {
  return path.resolve(/^~(?=\/|$)/.test(text) ? userHome + text.slice(1) : text)
}

module.exports = { absolute, fromUrl, isUrl }
