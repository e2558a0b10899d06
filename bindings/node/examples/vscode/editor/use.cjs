'use strict'
// Uses the extension in code-server through a browser, as a person would.
//
//   use.cjs <directory with code-server and atk-plugins.vsix> <directory for screenshots>

const assert = require('node:assert/strict')
const { execFileSync, spawn } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

const [work, shots] = process.argv.slice(2).map((one) => path.resolve(one))
const { chromium } = require(path.join(work, 'node_modules/playwright-core'))
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'atk-editor-'))
const at = (...parts) => path.join(scratch, ...parts)

const env = {
  PATH: process.env.PATH,
  HOME: at('user'),
  GIT_CONFIG_NOSYSTEM: '1',
  ATK_REGISTRY_URL: `file://${at('registry')}`,
}
const git = (...words) => execFileSync('git', ['-C', at('registry'), ...words], { env, encoding: 'utf8' })

/** Writes a version of the registry's plugin, and commits it. */
function publish(install, text) {
  const plugin = at('registry/plugins/greeter')
  fs.mkdirSync(plugin, { recursive: true })
  fs.writeFileSync(path.join(plugin, 'plugin.yaml'), `schema_version: "2026-01-23"
name: Greeter
description: Greets whoever it is asked to
env_vars:
- {name: GREETER_NAME, description: Whom to greet, required: true}
- {name: GREETER_TOKEN, description: A token of the service, required: true, secret: true}
lifecycle:
  install: ${install}
  uninstall: "true"
`)
  fs.writeFileSync(path.join(plugin, 'greeting.txt'), text)
  fs.writeFileSync(at('registry/index.yaml'), `schema_version: "2026-01-23"
plugins:
- {name: greeter, path: plugins/greeter, description: Greets whoever it is asked to}
`)
  git('add', '.')
  git('commit', '--quiet', '--message', text)
}

fs.mkdirSync(at('user'))
fs.mkdirSync(at('data/User'), { recursive: true })
fs.writeFileSync(at('data/User/settings.json'), JSON.stringify({
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
}))
fs.mkdirSync(at('registry'))
fs.writeFileSync(at('user/.gitconfig'), '[user]\nname = User\nemail = user@example.com\n[init]\ndefaultBranch = main\n')
git('init', '--quiet')
publish('echo installed', 'one')

const server = path.join(work, 'node_modules/code-server/out/node/entry.js')
const common = ['--user-data-dir', at('data'), '--extensions-dir', at('extensions')]
const port = 20000 + (process.pid % 20000)

async function main() {
  execFileSync(process.execPath, [server, ...common, '--install-extension', path.join(work, 'atk-plugins.vsix')], { env, stdio: 'inherit' })
  const editor = spawn(process.execPath, [server, ...common, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`,
    '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override', at('user')],
    { env, stdio: ['ignore', fs.openSync(at('log'), 'a'), fs.openSync(at('log'), 'a')] })
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  })
  const page = await browser.newPage({ viewport: { width: 1000, height: 640 } })
  try {
    await use(page)
    console.log('the extension works in code-server')
  } catch (error) {
    await page.screenshot({ path: path.join(work, 'failed.png') })
    console.error(execFileSync('sh', ['-c', 'ls -A .atk .atk/plugins; git -C .atk log --oneline; cat ../data/logs/*/exthost*/*ATK*.log || true'], { cwd: at('user'), env, encoding: 'utf8' }))
    console.error(fs.readFileSync(at('log'), 'utf8').slice(-3000))
    throw error
  } finally {
    await browser.close()
    editor.kill()
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function use(page) {
  page.setDefaultTimeout(60_000)
  const shot = (name) => page.screenshot({ path: path.join(shots, `${name}.png`) })
  const row = (text) => page.locator('.pane-body .monaco-list-row', { hasText: text })
  const input = page.locator('.quick-input-widget:visible input')
  const command = async (title) => {
    await page.keyboard.press('F1')
    await page.locator('.quick-input-widget:visible').waitFor()
    await input.first().fill(`>${title}`)
    await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click()
  }
  const open = async () => {
    for (let tries = 0; ; tries += 1) {
      try {
        await page.goto(`http://127.0.0.1:${port}/?folder=${at('user')}`)
        break
      } catch (error) {
        if (tries === 60) throw error
        await page.waitForTimeout(1000)
      }
    }
    await page.locator('.activitybar [aria-label^="ATK"]').first().click()
  }

  await open()
  await page.getByText('No plugins yet.').waitFor()

  // A plugin of the registry, with a text and a secret.
  await command('ATK: Add a plugin')
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'greeter' }).click()
  const dialog = page.locator('.monaco-dialog-box')
  await answer(dialog)
  await page.locator('.quick-input-widget:visible', { hasText: 'Whom to greet' }).waitFor()
  await input.first().fill('World')
  await input.first().press('Enter')
  await page.locator('.quick-input-widget:visible input[type=password]').waitFor()
  await input.first().fill('s3cret')
  await shot('secret')
  await input.first().press('Enter')
  await row('Greeter').waitFor()
  await page.getByText('Greeter was added.').first().waitFor()
  await shot('plugins')
  assert.match(fs.readFileSync(at('user/.atk/plugins/greeter/.env'), 'utf8'), /GREETER_TOKEN=s3cret/)

  // An upgrade shows its plan, and does it.
  publish('echo installed again', 'two')
  await command('ATK: Upgrade')
  await dialog.waitFor()
  const plan = await dialog.innerText()
  assert.match(plan, /Upgrade Greeter\?/)
  assert.match(plan, /changed: .*greeting\.txt/)
  assert.match(plan, /install: echo installed → echo installed again/)
  await shot('plan')
  await dialog.getByText('Upgrade', { exact: true }).click()
  await answer(dialog)
  await waitFor(() => fs.readFileSync(at('user/.atk/plugins/greeter/greeting.txt'), 'utf8') === 'two')

  // One that fails shows why, and changes nothing.
  publish('echo the service is down >&2; exit 3', 'three')
  await page.waitForTimeout(1000)
  await command('ATK: Upgrade')
  await dialog.waitFor()
  await dialog.getByText('Upgrade', { exact: true }).click()
  await answer(dialog)
  await page.locator('.notifications-toasts .codicon-error').first().waitFor()
  const message = await page.locator('.notifications-toasts').innerText()
  assert.match(message, /install/)
  // Until it has faded in.
  await page.waitForTimeout(2000)
  await shot('failure')
  assert.equal(fs.readFileSync(at('user/.atk/plugins/greeter/greeting.txt'), 'utf8'), 'two')

  // What was there is there after a reload.
  await page.reload()
  await row('Greeter').waitFor()
  await shot('reload')
}

/** Trusts the new commands, if that is asked. */
async function answer(dialog) {
  const trust = dialog.getByText('Trust', { exact: true })
  try {
    await trust.waitFor({ timeout: 8_000 })
    await trust.click()
  } catch {
    // It was not asked.
  }
}

async function waitFor(isSo) {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries === 600) throw new Error(`never: ${isSo}`)
    await new Promise((done) => setTimeout(done, 100))
  }
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
