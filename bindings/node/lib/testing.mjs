// One instance for both kinds of modules.
export { Scratch, makePrompt } from './testing.cjs'
