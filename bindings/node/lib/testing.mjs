// One instance for both kinds of modules.
export { Scratch, prompt } from './testing.cjs'
