package io.github.svtoo.atk

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch

/**
 * Every change of the home, whoever made it: this library, the Python tool, `git pull`, an editor.
 *
 * Collecting begins the watch, and the end of collecting ends it. A slow collector blocks nothing:
 * changes that come meanwhile are one change afterwards. The collector may change the home.
 * [onWatching] is called once: changes from then on are emitted. The flow does not end by itself; it
 * fails if the home can no longer be watched.
 */
fun Home.watch(onWatching: suspend () -> Unit = {}): Flow<Event.Changed> =
    flow {
        coroutineScope {
            val changes = Changes()
            launch {
                watchWith(host = changes)
                changes.news.close()
            }
            var isWatching = false
            for (ignored in changes.news) {
                val (change, watching) = changes.take()
                if (watching && !isWatching) {
                    isWatching = true
                    onWatching()
                }
                change?.let { emit(it) }
            }
        }
    }

/** The changes that have not been emitted yet: all of them are one. */
private class Changes : Host {
    val news = Channel<Unit>(Channel.CONFLATED)
    private var pending: Event.Changed? = null
    private var watching = false

    override fun onEvent(event: Event) {
        synchronized(this) {
            when (event) {
                is Event.Watching -> watching = true
                is Event.Changed -> pending = pending?.merged(event) ?: event
                else -> return
            }
        }
        news.trySend(Unit)
    }

    override fun onPrompt(prompt: Prompt, cancel: CancelToken): Reply = Reply.Unanswered

    fun take(): Pair<Event.Changed?, Boolean> =
        synchronized(this) { Pair(pending, watching).also { pending = null } }
}

private fun Event.Changed.merged(later: Event.Changed) =
    Event.Changed((plugins + later.plugins).distinct(), manifest || later.manifest)
