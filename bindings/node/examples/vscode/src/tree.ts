// The plugins of the home, each with whether it runs.

import * as vscode from 'vscode'
import { AtkError, type Home, type Listed, type Report, type ServiceStatus } from '@svtoo/atk'

export class PluginItem extends vscode.TreeItem {
  constructor(
    readonly plugin: Listed,
    description: string,
    icon: string,
  ) {
    super(plugin.name, vscode.TreeItemCollapsibleState.None)
    this.id = plugin.directory
    this.contextValue = 'plugin'
    this.description = description
    this.iconPath = new vscode.ThemeIcon(icon)
    this.tooltip = [plugin.directory, plugin.source.url ?? plugin.source.type, plugin.source.pin]
      .filter((part) => part !== null)
      .join('\n')
  }
}

export class PluginTree implements vscode.TreeDataProvider<PluginItem> {
  readonly #changed = new vscode.EventEmitter<void>()
  readonly onDidChangeTreeData = this.#changed.event

  constructor(private readonly home: Home) {}

  refresh(): void {
    this.#changed.fire()
  }

  getTreeItem(item: PluginItem): vscode.TreeItem {
    return item
  }

  async getChildren(item?: PluginItem): Promise<PluginItem[]> {
    if (item) return []
    try {
      const plugins = await this.home.list()
      const status = plugins.length > 0 ? await this.home.status() : { plugins: [], warnings: [] }
      return plugins.map((plugin) => new PluginItem(plugin, ...look(plugin, status)))
    } catch (error) {
      // Before the first plugin there need be no home.
      if (error instanceof AtkError && error.code === 'home_not_initialized') return []
      throw error
    }
  }
}

/** What is said of a plugin, and its icon. */
function look(plugin: Listed, status: Report<ServiceStatus>): [string, string] {
  const line = status.plugins.find((one) => one.directory === plugin.directory)
  if (line?.result === 'failed') return [line.error.message, 'error']
  if (line?.result !== 'done') return [plugin.state, 'package']
  const { state, files, unset } = line.outcome
  if (files !== 'ready') return [`files ${files}`, 'warning']
  if (unset.length > 0) return [`unset: ${unset.join(', ')}`, 'warning']
  if (state === 'running') return ['running', 'circle-filled']
  return [state === 'stopped' ? 'stopped' : '', state === 'stopped' ? 'circle-outline' : 'package']
}
