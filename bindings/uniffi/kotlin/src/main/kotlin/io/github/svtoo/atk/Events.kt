package io.github.svtoo.atk

import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlinx.coroutines.Job
import kotlinx.coroutines.ThreadContextElement
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.runBlocking

/** The operation whose callback a coroutine belongs to, on whatever thread it goes on. */
private class Within(private val scope: CallScope) : ThreadContextElement<CallScope> {
    companion object Key : CoroutineContext.Key<Within>

    override val key: CoroutineContext.Key<Within> get() = Key

    override fun updateThreadContext(context: CoroutineContext): CallScope = scope.enter()

    override fun restoreThreadContext(context: CoroutineContext, oldState: CallScope) {
        oldState.use { it.enter().close() }
    }
}

/** What a command of a plugin wrote, as text; what is not UTF-8, as a character that was cut, is replaced. */
val Event.Output.text: String get() = chunk.decodeToString()

/** What an operation emits: its events, and at the end its outcome. */
sealed interface Progressed<out T> {
    data class Happened(val event: Event) : Progressed<Nothing>

    data class Finished<out T>(val outcome: T) : Progressed<T>
}

/**
 * An operation as a flow: `flowOf({ Reply.Yes }) { host -> home.add("openmemory", host = host) }`.
 *
 * It starts when it is collected, and waits for a collector that is slow. Its failure is the
 * flow's. Where collecting ends before it, it is cancelled: [waitIdle] then waits until the home
 * is as before. [answer] may suspend; where it throws, the operation ends with
 * [AtkException.HostFailed].
 */
fun <T> flowOf(
    answer: suspend (Prompt) -> Reply = { Reply.Unanswered },
    operation: suspend (Host) -> T,
): Flow<Progressed<T>> =
    channelFlow {
        val flow = this
        val host = object : Host {
            override fun onEvent(event: Event) {
                flow.trySendBlocking(Progressed.Happened(event))
            }

            // The question is asked as a part of the flow: it ends where the flow does.
            override fun onPrompt(prompt: Prompt, cancel: CancelToken): Reply =
                runBlocking((flow.coroutineContext[Job] ?: EmptyCoroutineContext) + Within(CallScope.current())) {
                    answer(prompt)
                }
        }
        send(Progressed.Finished(operation(host)))
    }.buffer(Channel.BUFFERED)
