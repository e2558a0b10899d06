// One instance for both kinds of modules.
export { AbortError, AtkError, ERROR_CODES, Home, USE_DEFAULT, fetch, fetchPlugin, resolve } from './index.cjs'
