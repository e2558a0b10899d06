// One instance for both kinds of modules.
export { AbortError, AtkError, ERROR_CODES, Home, USE_DEFAULT, fetch, resolve } from './index.cjs'
