// Shows the tree anew whenever the home changes, whoever changes it.

import * as vscode from 'vscode'
import { AtkError, type Home } from '@svtoo/atk'
import type { PluginTree } from './tree'

export class Follower implements vscode.Disposable {
  readonly #controller = new AbortController()
  #follows = false

  constructor(
    private readonly home: Home,
    private readonly tree: PluginTree,
    private readonly output: vscode.OutputChannel,
  ) {}

  /** Begins, unless it has begun. A home that does not exist yet cannot be watched. */
  async start(): Promise<void> {
    if (this.#follows || this.#controller.signal.aborted) return
    this.#follows = true
    try {
      for await (const _ of this.home.watch({ signal: this.#controller.signal })) this.tree.refresh()
    } catch (error) {
      const isExpected = error instanceof AtkError && ['cancelled', 'home_not_initialized'].includes(error.code)
      if (!isExpected) this.output.appendLine(`the home is not watched: ${error}`)
    } finally {
      this.#follows = false
    }
  }

  dispose(): void {
    this.#controller.abort()
  }
}
