package io.github.svtoo.atk

import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.seconds
import kotlin.time.measureTime
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout

private fun Event.installs() = this is Event.Step && "install" in description

private class Hears(val heard: (Event) -> Unit) : Host {
    override fun onEvent(event: Event) = heard(event)

    override fun onPrompt(prompt: Prompt, cancel: CancelToken) = Reply.Unanswered
}

class ThreadsTest {
    @Test
    fun `withTimeout ends an operation`() = sandboxed {
        val source = slow
        unchanged {
            val took = measureTime {
                assertFailsWith<TimeoutCancellationException> { withTimeout(1.seconds) { home.add(source) } }
            }
            assertTrue(took < 5.seconds, "$took")
        }
    }

    @Test
    fun `a coroutine is cancelled in the middle`() = sandboxed {
        val source = slow
        unchanged {
            coroutineScope {
                val installs = CompletableDeferred<Unit>()
                val adding = launch(Dispatchers.Default) {
                    home.add(source, host = Hears { if (it.installs()) installs.complete(Unit) })
                }
                installs.await()
                adding.cancel()
                adding.join()
                assertTrue(adding.isCancelled)
            }
        }
    }

    @Test
    fun `a flow that is no longer collected ends its operation`() = sandboxed {
        val source = slow
        unchanged {
            flowOf { host -> home.add(source, host = host) }
                .first { it is Progressed.Happened && it.event.installs() }
        }
    }

    @Test
    fun `a token cancels in the middle`() = sandboxed {
        val source = slow
        CancelToken().use { token ->
            unchanged {
                val cancels = Hears { if (it.installs()) token.cancel() }
                assertFailsWith<AtkException.Cancelled> { home.add(source, host = cancels, cancel = token) }
            }
            assertTrue(token.isCancelled())
            assertFailsWith<AtkException.Cancelled> { home.add(source, cancel = token) }
        }
    }

    @Test
    fun `a change from within a callback is refused instead of waiting for itself`() = sandboxed {
        val other = create("other")
        val again = local("Again")
        suspend fun change() = assertFailsWith<AtkException.HomeNested> { home.add(again) }
        val asks = local("Asks", "env_vars: [{name: GREETING}]\n")
        val source = local("Outer", "lifecycle: {install: echo hi, uninstall: 'true'}\n")
        suspend fun nested() {
            change()
            // Another home can be changed; from within its callbacks this one cannot, on any thread.
            flowOf({ withContext(Dispatchers.IO) { change() }; Reply.UseDefault }) { host ->
                other.add(asks, host = host)
            }.toList()
        }
        withTimeout(60.seconds) {
            home.add(source, host = Hears { if (it is Event.Output) runBlocking { nested() } })
        }
        assertEquals(listOf("asks"), other.list().map { it.directory })
        home.add(again)
    }

    @Test
    fun `two hundred operations under garbage collection`() = sandboxed {
        val source = local("Asks", "env_vars: [{name: GREETING, required: true}]\n")
        val heard = AtomicInteger()
        repeat(200) { number ->
            // Not closed: the collector's cleaner frees it.
            val name = "homes/${number % 4}"
            val home = open(name)
            val hears = Hears {
                System.gc()
                heard.incrementAndGet()
            }
            when (number % 3) {
                0 -> Home.init(at(name).path, options, host = hears)
                1 -> assertFailsWith<AtkException> { home.add(source, host = hears) }
                else -> assertFailsWith<AtkException> { home.mcp("x".repeat(1000)) }
            }
            System.gc()
        }
        assertTrue(heard.get() >= 200, "$heard")
    }

    @Test
    fun `four at once`() = sandboxed {
        val sources = listOf("One", "Two", "Three", "Four")
            .map { local(it, "lifecycle: {install: echo hi, uninstall: 'true'}\n") }
        val heard = StringBuffer()
        val added = withContext(Dispatchers.Default) {
            sources.map { source ->
                async {
                    home.add(source, host = Hears {
                        System.gc()
                        if (it is Event.Output) heard.append(it.chunk.decodeToString())
                    })
                }
            }.awaitAll()
        }
        assertEquals(setOf("one", "two", "three", "four"), added.map { it.directory }.toSet())
        assertEquals("hi\n".repeat(4), heard.toString())
        assertEquals(4, home.list().size)
    }
}
