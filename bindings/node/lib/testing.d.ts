// `@svtoo/atk/testing`: what the tests of a program need. It uses the real library and real git.

import type { Definition, Prompt } from './documents.js'
import type { Home, Options } from './home.js'

/** A plugin to be made: its definition, of which only the name is needed, and its other files. */
export interface PluginDraft extends Partial<Omit<Definition, 'name' | 'service' | 'ports' | 'envVars' | 'mcp'>> {
  name: string
  service?: Partial<NonNullable<Definition['service']>> | undefined
  ports?: Partial<NonNullable<Definition['ports']>[number]>[] | undefined
  envVars?: (Partial<NonNullable<Definition['envVars']>[number]> & { name: string })[] | undefined
  mcp?: Partial<NonNullable<Definition['mcp']>> | undefined
  /** Contents by paths below the plugin's directory. Scripts (`*.sh`, `#!…`) are executable. */
  files?: Readonly<Record<string, string | Uint8Array>> | undefined
}

/**
 * A directory for a test, with homes, plugins and registries in it. Nothing else of the machine is
 * read or written, and no network is used.
 */
export declare class Scratch {
  /** Makes the directory. Call {@link remove} after the test. */
  constructor()
  /** Makes one that is removed after a test: `Scratch.for(t)` of `node:test`. */
  static for(test: { after(run: () => void): unknown }): Scratch

  /** The directory. */
  readonly path: string
  /** The directory of the user, in which git finds its configuration. */
  readonly userHome: string

  /** The options of a home that keep it in this directory, and yours. */
  options(options?: Options): Options
  /** Makes a new home. */
  home(options?: Options): Promise<Home>
  /** Makes a plugin in a directory of its own. Returns its path, which can be added. */
  plugin(draft: PluginDraft): string
  /** Makes a git repository with a plugin. Returns its URL. Adding it needs trust. */
  repository(draft: PluginDraft): string
  /**
   * Makes a registry: of drafts, or of a directory, which has an `index.yaml` or a directory for each
   * plugin. Returns its URL, for the option `registry`.
   */
  registry(plugins: readonly PluginDraft[] | string): string
  /**
   * Writes files and commits them: of a repository below its plugin, of a registry below its top.
   * Returns the commit.
   */
  change(url: string, files: Readonly<Record<string, string | Uint8Array>>): string
  /** Removes the directory. */
  remove(): void
}

/** Makes a prompt, as `onPrompt` receives it: yours, and else that of a required text. */
export declare function makePrompt(given?: Partial<Prompt>): Prompt
