// Upgrading a plugin, or all: the plan first, and then exactly what it shows.

import * as vscode from 'vscode'
import type { Home, UpgradePlan } from '@svtoo/atk'
import { withProgress } from './progress'
import { shown } from './errors'

export async function upgrade(home: Home, output: vscode.OutputChannel, plugin?: string): Promise<void> {
  const report = await withProgress('Looking for upgrades', output, ({ signal, onEvent }) =>
    home.planUpgrade(plugin, { signal, onEvent }),
  )
  const plans: UpgradePlan[] = []
  for (const line of report.plugins) {
    if (line.result === 'done') plans.push(line.outcome)
    else if (line.result === 'failed') await shown(line.error, output)
  }
  if (plans.length === 0) {
    await vscode.window.showInformationMessage('Everything is up to date.')
    return
  }
  const detail = plans.map(described).join('\n\n')
  const message = plans.length === 1 ? `Upgrade ${plans[0].newName}?` : `Upgrade ${plans.length} plugins?`
  if ((await vscode.window.showInformationMessage(message, { modal: true, detail }, 'Upgrade')) !== 'Upgrade') return
  const title = plans.length === 1 ? `Upgrading ${plans[0].newName}` : `Upgrading ${plans.length} plugins`
  // If a source has changed since, its plugin fails with `plan_outdated` and stays as it is.
  const done = await withProgress(title, output, (options) => home.upgrade(plugin, { ...options, plan: plans }))
  for (const line of done.plugins) {
    if (line.result === 'failed') await shown(line.error, output)
    else if (line.result === 'done' && line.outcome.backup !== null) {
      output.appendLine(`${line.name}: your edits are kept in ${line.outcome.backup}`)
      output.show(true)
    }
  }
}

/** A plan in words. */
export function described(plan: UpgradePlan): string {
  const { added, changed, removed, edited } = plan.files
  const files = [
    ['new', added],
    ['changed', changed],
    ['removed', removed],
    ['edited by you, kept in a backup', edited],
  ] as const
  return [
    `${plan.newName}: ${plan.oldPin?.slice(0, 8) ?? 'nothing'} → ${plan.newPin.slice(0, 8)}`,
    ...files.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${names.join(', ')}`),
    ...plan.commands.map(({ field, old, new: now }) => `${field}: ${old ?? 'nothing'} → ${now ?? 'nothing'}`),
    ...plan.variablesAdded.map(({ name }) => `new variable: ${name}`),
    ...(plan.needsTrust ? ['You will be asked whether you trust its source.'] : []),
    ...plan.warnings,
  ].join('\n')
}
