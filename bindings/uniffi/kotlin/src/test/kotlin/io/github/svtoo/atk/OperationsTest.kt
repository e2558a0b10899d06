package io.github.svtoo.atk

import java.io.File
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.toList

private const val ASKS = "env_vars:\n- {name: GREETING, required: true}\n- {name: KEY, secret: true}\n"

class OperationsTest {
    @Test
    fun `add asks Kotlin and tells it what happens`() = sandboxed {
        val more = "${ASKS}lifecycle: {install: 'echo one; echo two >&2', uninstall: 'true'}\n"
        val source = tool("Greeter", more)
        val asked = mutableListOf<String>()
        val all = flowOf({ prompt ->
            asked += prompt.id
            when (prompt.id) {
                "trust:greeter" -> Reply.Yes
                "env:greeter:GREETING" -> Reply.Text("hello é")
                else -> Reply.UseDefault
            }
        }) { host -> home.add(source, host = host) }.toList()
        val added = assertIs<Progressed.Finished<Added>>(all.last()).outcome
        assertEquals(listOf("trust:greeter", "env:greeter:GREETING", "env:greeter:KEY"), asked)
        assertEquals(40, added.source.pin?.length)
        assertTrue(added.installed)
        assertContains(File(added.path, ".env").readText(), "hello é")
        val events = all.dropLast(1).map { assertIs<Progressed.Happened>(it).event }
        val output = events.filterIsInstance<Event.Output>().filter { it.stream == OutputStream.STDOUT }
        assertEquals("one\n", output.joinToString("") { it.text })
        assertIs<Event.OperationFinished>(events.last())
        assertEquals(listOf("greeter"), home.list().map { it.directory })
    }

    @Test
    fun `upgrade brings the new version`() = sandboxed {
        val source = tool("Tool", "", "a.txt" to "old\n")
        home.add(source, trust = listOf("*"))
        assertEquals(Skip.UP_TO_DATE, home.upgrade().plugins.single().reason)
        change("Tool", "a.txt" to "new\n")
        assertEquals(listOf("a.txt"), home.planUpgrade("tool").plugins.single().outcome?.files?.changed)
        assertEquals(LineResult.DONE, home.upgrade(yes = true).plugins.single().result)
        assertEquals("new\n", at("home/plugins/tool/a.txt").readText())
        assertTrue(home.remove("tool", force = true).wasInstalled)
        assertEquals(emptyList(), home.list())
    }

    @Test
    fun `a status can be looped over and a configuration is a map`() = sandboxed {
        val mcp = "mcp: {transport: http, endpoint: 'http://localhost:1/', env: [KEY]}\n$ASKS"
        home.add(local("Served", mcp), env = mapOf("GREETING" to "g", "KEY" to "k"))
        val config = mapOf("type" to "http", "url" to "http://localhost:1/", "env" to mapOf("KEY" to "k"))
        assertEquals(config, home.mcp("served").config.toMap())
        val status = home.status()
        for (line in status) assertEquals("served", line.directory)
        assertEquals(emptyList(), status.failures)
    }

    @Test
    fun `an error of each family`() = sandboxed {
        val broken = local("Broken", "lifecycle: {install: 'echo why; exit 3', uninstall: 'true'}\n")
        assertEquals("home_not_initialized", assertFailsWith<AtkException.HomeNotInitialized> { open("none").list() }.code)
        assertEquals("plugin_not_installed", assertFailsWith<AtkException.PluginNotInstalled> { home.mcp("nothing") }.code)
        assertEquals("source_invalid", assertFailsWith<AtkException.SourceInvalid> { home.resolve("ext::sh") }.code)
        val unset = assertFailsWith<AtkException.VariablesUnset> { home.add(local("Asks", ASKS)) }
        assertEquals(listOf("GREETING"), unset.failure.details.variables)
        assertEquals(listOf(70, 8), listOf((unset as AtkException).number, (unset as AtkException).exitCode))
        assertFailsWith<AtkException.RepositoryNotFound> { home.add("$url/nothing.git") }
        assertFailsWith<AtkException.InvalidArgument> { Home(null, Options(networkTimeout = -1.0)) }
        val failed = assertFailsWith<AtkException.LifecycleFailed> { home.add(broken) }
        assertEquals(3, failed.failure.details.commandExitCode)
        assertEquals("why", failed.failure.details.output?.trim())
    }

    @Test
    fun `an exception of the host ends the operation and nothing has changed`() = sandboxed {
        val source = local("Asks", ASKS)
        unchanged {
            val thrown = assertFailsWith<AtkException.HostFailed> {
                flowOf({ error("no answer today") }) { host -> home.add(source, host = host) }.toList()
            }
            assertContains(thrown.failure.text, "no answer today")
            val deaf = object : Host {
                override fun onEvent(event: Event) = throw HostException.Failed("deaf")
                override fun onPrompt(prompt: Prompt, cancel: CancelToken) = Reply.Unanswered
            }
            val env = mapOf("GREETING" to "x")
            assertContains(assertFailsWith<AtkException.HostFailed> { home.add(source, env = env, host = deaf) }.failure.text, "deaf")
        }
    }
}
