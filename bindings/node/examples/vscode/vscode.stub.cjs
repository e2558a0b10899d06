'use strict'
// As much of the module `vscode` as the extension uses: dialogs answer what a test has prepared.

class EventEmitter {
  #listeners = new Set()
  event = (listener) => {
    this.#listeners.add(listener)
    return { dispose: () => this.#listeners.delete(listener) }
  }
  fire(value) {
    for (const listener of [...this.#listeners]) listener(value)
  }
  get size() {
    return this.#listeners.size
  }
}

class TreeItem {
  constructor(label, collapsibleState) {
    Object.assign(this, { label, collapsibleState })
  }
}

class ThemeIcon {
  constructor(id) {
    this.id = id
  }
}

class CancellationError extends Error {}

/** A stub whose dialogs are answered by `answers[name](...arguments)`; `seen` has what was shown. */
function stub(settings) {
  const commands = {}
  const seen = []
  const answers = {}
  let tree
  let text = ''
  const dialog = (name) => async (...args) => {
    seen.push([name, ...args])
    return answers[name]?.(...args)
  }
  const tokens = []
  const vscode = {
    EventEmitter,
    TreeItem,
    ThemeIcon,
    CancellationError,
    TreeItemCollapsibleState: { None: 0 },
    ProgressLocation: { Notification: 15 },
    workspace: { getConfiguration: (section) => ({ get: (key) => settings[`${section}.${key}`] }) },
    commands: {
      registerCommand: (name, run) => {
        commands[name] = run
        return { dispose() {} }
      },
    },
    window: {
      createOutputChannel: () => ({
        append: (more) => (text += more),
        appendLine: (line) => (text += `${line}\n`),
        show() {},
        dispose() {},
      }),
      registerTreeDataProvider: (_, provider) => {
        tree = provider
        return { dispose() {} }
      },
      showQuickPick: dialog('showQuickPick'),
      showInputBox: dialog('showInputBox'),
      showInformationMessage: dialog('showInformationMessage'),
      showWarningMessage: dialog('showWarningMessage'),
      showErrorMessage: dialog('showErrorMessage'),
      withProgress: async (options, run) => {
        const cancel = new EventEmitter()
        const token = { isCancellationRequested: false, onCancellationRequested: cancel.event }
        const shown = {
          title: options.title,
          cancellable: options.cancellable,
          messages: [],
          listeners: () => cancel.size,
          cancel: () => {
            token.isCancellationRequested = true
            cancel.fire()
          },
        }
        tokens.push(shown)
        return run({ report: ({ message }) => shown.messages.push(message) }, token)
      },
    },
  }
  return {
    vscode,
    commands,
    answers,
    seen,
    progress: tokens,
    tree: () => tree,
    written: () => text,
    /** The calls of a dialog. */
    shown: (name) => seen.filter(([one]) => one === name).map(([, ...args]) => args),
  }
}

module.exports = { stub }
