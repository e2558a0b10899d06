// Removing a plugin. The library asks, with all that will be deleted.

import * as vscode from 'vscode'
import type { Home, Listed } from '@svtoo/atk'
import { withProgress } from './progress'

export async function remove(home: Home, output: vscode.OutputChannel, plugin: Listed): Promise<void> {
  const removed = await withProgress(`Removing ${plugin.name}`, output, (options) =>
    home.remove(plugin.directory, options),
  )
  for (const warning of removed.warnings) output.appendLine(`warning: ${warning}`)
  await vscode.window.showInformationMessage(`${removed.name} was removed.`)
}
