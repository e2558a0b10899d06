// Adding a plugin: from the registry, or from what the user types.

import * as vscode from 'vscode'
import type { Home } from '@svtoo/atk'
import { withProgress } from './progress'

const OTHER = 'From a URL or a path…'

export async function add(home: Home, output: vscode.OutputChannel): Promise<void> {
  await home.init()
  const { plugins } = await withProgress('Reading the registry', output, ({ signal }) => home.search(undefined, { signal }))
  const items = plugins
    .filter((plugin) => plugin.installed === null)
    .map(({ registry, name, description }) => ({ label: registry === 'default' ? name : `${registry}/${name}`, description }))
  const options = { title: 'Add a plugin', matchOnDescription: true }
  const picked = await vscode.window.showQuickPick([{ label: OTHER, description: '' }, ...items], options)
  if (!picked) return
  const source =
    picked.label === OTHER
      ? await vscode.window.showInputBox({ title: 'Add a plugin', prompt: 'A git URL or an absolute path' })
      : picked.label
  if (!source) return
  const added = await withProgress(`Adding ${source}`, output, (options) => home.add(source, options))
  for (const warning of added.warnings) output.appendLine(`warning: ${warning}`)
  // Not awaited: the tree is refreshed when this returns, and not when the user closes the message.
  void vscode.window.showInformationMessage(`${added.name} was added.`)
}
