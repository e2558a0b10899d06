// What the editor calls: makes the parts and registers the commands.

import * as vscode from 'vscode'
import { Home } from '@svtoo/atk'
import { add } from './add'
import { Follower } from './follow'
import { remove } from './remove'
import { PluginTree, type PluginItem } from './tree'
import { upgrade } from './upgrade'
import { shown } from './errors'

export function activate(context: vscode.ExtensionContext): void {
  const where = vscode.workspace.getConfiguration('atk').get<string>('home')
  const home = Home.open(where || undefined)
  const output = vscode.window.createOutputChannel('ATK')
  const tree = new PluginTree(home)
  const follower = new Follower(home, tree, output)
  void follower.start()

  /** Registers a command that shows what fails, and the tree anew. */
  const command = (name: string, run: (item?: PluginItem) => Promise<unknown>) =>
    vscode.commands.registerCommand(name, async (item?: PluginItem) => {
      try {
        await run(item)
      } catch (error) {
        // Before the message, which stays until the user closes it.
        tree.refresh()
        await shown(error, output)
      } finally {
        tree.refresh()
        // The command may have made the home.
        void follower.start()
      }
    })

  context.subscriptions.push(
    output,
    follower,
    vscode.window.registerTreeDataProvider('atk.plugins', tree),
    command('atk.refresh', async () => undefined),
    command('atk.add', () => add(home, output)),
    command('atk.upgrade', (item) => upgrade(home, output, item?.plugin.directory)),
    command('atk.remove', async (item) => item && remove(home, output, item.plugin)),
  )
}

export function deactivate(): void {
  // Operations that still run end with the extension host, the watch with its subscription.
}
