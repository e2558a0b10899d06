package io.github.svtoo.atk

import java.nio.file.Path
import kotlin.io.path.Path
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertIsNot
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

/** What programs that embed ATK do: show, move, review; and what they do wrong. */
class EmbeddingTest {
    @Test
    fun `show knows the definition and masks secrets`() = sandboxed {
        val more = "env_vars:\n- {name: GREETING, default: hi}\n- {name: KEY, secret: true}\nports: [{port: 8080}]\n"
        val source = tool("Tool", more, "hi.sh" to "#!/bin/sh\n")
        home.add(source, trust = listOf("*"), env = mapOf("KEY" to "s3cret"), yes = true)
        val shown = home.show("tool")
        assertEquals(listOf("d", 8080), listOf(shown.definition?.description, shown.definition?.ports?.single()?.port))
        assertEquals(State.READY, shown.state)
        assertEquals(listOf("hi.sh"), shown.scripts)
        assertEquals(listOf("GREETING" to true, "KEY" to true), shown.variables.map { it.name to it.isSet })
        assertFalse("s3cret" in shown.toString())
        assertFailsWith<AtkException.PluginNotInstalled> { home.show("none") }
    }

    @Test
    fun `a home moves to another machine`() = sandboxed {
        val asks = local("Tool", "env_vars: [{name: KEY, required: true}]\n")
        home.add(asks, env = mapOf("KEY" to "a"))
        at("home").copyRecursively(at("sources/home.git"))
        val cloned = Home.init(at("cloned").toPath(), options, url = "$url/home.git")
        assertEquals(listOf("tool"), cloned.list().map { it.directory })
        val moved = open("moved")
        val report = moved.bootstrap("$url/home.git", env = mapOf("KEY" to "b"), yes = true)
        assertTrue(report.cloned)
        assertEquals(emptyList(), report.failures)
        for (line in report) assertEquals("tool" to LineResult.DONE, line.directory to line.result)
        assertContains(at("moved/plugins/tool/.env").readText(), "b")
        assertFalse(moved.bootstrap(yes = true).cloned)
    }

    @Test
    fun `upgrade makes the changes of the plan that was shown`() = sandboxed {
        home.add(tool("Tool", "", "a.txt" to "old\n"), trust = listOf("*"))
        change("Tool", "a.txt" to "new\n")
        val plans = home.planUpgrade()
        val plan = plans.plugins.single().outcome!!
        change("Tool", "a.txt" to "newer\n")
        unchanged {
            val outdated = assertFailsWith<AtkException.PlanOutdated> { home.upgrade(plan, yes = true) }
            assertEquals(listOf("plan_outdated", "tool"), listOf(outdated.code, outdated.failure.details.plugin))
            val reports = listOf(
                home.upgrade(plans, yes = true),
                home.upgrade(plan = listOf(plan.digest), yes = true),
                // An empty list of plans is another thing than none.
                home.upgrade(plan = emptyList(), yes = true),
            )
            reports.forEach { assertEquals(listOf("plan_outdated"), it.failures.map { line -> line.error?.code }) }
        }
        assertEquals(emptyList(), home.upgrade(home.planUpgrade(), yes = true).failures)
        assertEquals("newer\n", at("home/plugins/tool/a.txt").readText())
        // A warning about a plugin that was skipped belongs to no outcome.
        assertContains(home.start().warnings.single(), "start")
        assertEquals(emptyList(), home.install().warnings)
    }

    @Test
    fun `a plugin that is being changed is busy`() = sandboxed {
        val more = "lifecycle: {install: sleep 30, uninstall: 'true'}\nmcp: {transport: stdio, command: x}\n"
        val source = local("Slow", more, "hi.sh" to "#!/bin/sh\n")
        CancelToken().use { token ->
            var state: State? = null
            val codes = mutableListOf<String>()
            val looks = object : Host {
                override fun onEvent(event: Event) {
                    if (event !is Event.Step || event.phase != Phase.RUNNING) return
                    runBlocking {
                        state = home.list().single().state
                        codes += assertFailsWith<AtkException.HomeLocked> { home.mcp("slow") }.code
                        codes += assertFailsWith<AtkException.HomeLocked> { home.run("slow", "hi.sh", emptyList()) }.code
                    }
                    token.cancel()
                }

                override fun onPrompt(prompt: Prompt, cancel: CancelToken) = Reply.Unanswered
            }
            assertFailsWith<AtkException.Cancelled> { home.add(source, host = looks, cancel = token) }
            assertEquals(State.BUSY, state)
            assertEquals(listOf("home_locked", "home_locked"), codes)
        }
    }

    @Test
    fun `a path is always a local source`() = sandboxed {
        val missing = assertFailsWith<AtkException.SourceNotFound> { home.add(Path("./greeter").normalize()) }
        // Without the type, this is a name of the registry.
        assertIsNot<AtkException.SourceNotFound>(assertFailsWith<AtkException> { home.add("greeter") })
        assertContains(missing.message, "greeter")
        assertFalse("Failure(" in missing.toString(), "$missing")
        assertEquals("tool", home.add(Path(local("Tool"))).directory)
        val found = assertIs<Source.Local>(home.resolve(Path("~/tool")))
        assertEquals("${System.getenv("HOME")}/tool", found.path)
        val fetched = home.fetch(Path(local("Tool")), at("fetched").toPath())
        assertContains(fetched.files, "plugin.yaml")
    }

    @Test
    fun `wrong values are refused by their names in Kotlin`() = sandboxed {
        suspend fun refused(call: suspend () -> Unit) =
            assertFailsWith<AtkException.InvalidArgument> { call() }.also { assertEquals(2, it.number) }.message
        assertEquals("`path` is empty; the working directory is `.`", refused { Home("") })
        assertEquals("`path` is empty; the working directory is `.`", refused { Home(Path.of("")) })
        assertEquals("`cacheDir` is empty; the working directory is `.`", refused { Home(null, Options(cacheDir = "")) })
        assertEquals("`dest` is empty; the working directory is `.`", refused { home.fetch(local("A"), "") })
        assertEquals("`maxFiles` must not be negative, and is -1", refused { Home(null, Options(maxFiles = -1)) })
        val never = refused { Home(null, Options(networkTimeout = Double.NaN)) }
        assertEquals("`networkTimeout` must be a number of seconds, and is NaN", never)
        assertEquals("${System.getenv("HOME")}/x", Home("~/x").path())
        val other = Home(Path("~/x"), Options(userHome = at("other").path))
        assertEquals(at("other/x").path, other.path())
        assertTrue(at("other").mkdir())
        assertEquals(at("other/fetched").path, other.fetch(Path(local("Tool")), Path("~/fetched")).path)
        assertEquals(at("home").canonicalPath, Home("${at("user")}/../home").path())
    }
}
