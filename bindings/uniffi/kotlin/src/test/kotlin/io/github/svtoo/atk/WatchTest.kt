package io.github.svtoo.atk

import java.nio.file.Files
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout

class WatchTest {
    /** The first change of the home after a block began. */
    private suspend fun changed(home: Home, block: suspend () -> Unit): Event.Changed =
        withTimeout(30.seconds) {
            coroutineScope { home.watch { launch(Dispatchers.IO) { block() } }.first() }
        }

    @Test
    fun `a change by an operation is emitted and the end of collecting leaves no operation`() = sandboxed {
        assertEquals(Event.Changed(listOf("tool"), true), changed(home) { home.add(local("Tool")) })
        withTimeout(10.seconds) { waitIdle() }
    }

    @Test
    fun `a change by an editor and by git`() = sandboxed {
        home.add(local("Tool", "env_vars: [{name: GREETING}]\n"), yes = true)
        val edited = changed(home) {
            val new = at("new").apply { writeText("GREETING='s3cret'\n") }
            Files.move(new.toPath(), at("home/plugins/tool/.env").toPath(), ATOMIC_MOVE)
        }
        assertEquals(Event.Changed(listOf("tool"), false), edited)
        git(root, "clone", "-q", at("home").path, at("clone").path)
        home.remove("tool", yes = true)
        assertEquals(Event.Changed(listOf("tool"), true), changed(open("clone")) { git(at("clone"), "pull", "-q") })
    }

    @Test
    fun `a slow collector blocks nothing and gets one change for what came meanwhile`() = sandboxed {
        val begun = CompletableDeferred<Unit>()
        coroutineScope {
            launch(Dispatchers.IO) {
                begun.await()
                home.add(local("One"))
            }
            val found = mutableListOf<Event.Changed>()
            withTimeout(60.seconds) {
                home.watch { begun.complete(Unit) }.takeWhile { change ->
                    found += change
                    if (found.size == 1) {
                        home.add(local("Two"))
                        home.add(local("Three"))
                        // Longer than the watcher waits for further changes.
                        delay(1.seconds)
                    }
                    found.flatMap { it.plugins }.toSet().size < 3
                }.toList()
            }
            assertEquals(2, found.size, "$found")
        }
    }

    @Test
    fun `cancelling the collection ends the watch`() = sandboxed {
        val begun = CompletableDeferred<Unit>()
        coroutineScope {
            val watching = launch(Dispatchers.Default) { home.watch { begun.complete(Unit) }.collect {} }
            withTimeout(30.seconds) {
                begun.await()
                watching.cancelAndJoin()
                waitIdle()
            }
        }
    }

    @Test
    fun `a path that is not a home cannot be watched and the flow is cold`() = sandboxed {
        val flow = open("none").watch()
        assertFailsWith<AtkException.HomeNotInitialized> { withTimeout(30.seconds) { flow.first() } }
        create("none")
        withTimeout(30.seconds) {
            coroutineScope {
                launch(Dispatchers.IO) {
                    delay(1.seconds)
                    open("none").add(local("Tool"))
                }
                flow.first { "tool" in it.plugins }
            }
        }
    }
}
