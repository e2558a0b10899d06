"""Runs operations for the conformance scenarios: `python.py sync|async`.

Each line of standard input is a request; the answer is a trace, a JSON document a line.
"""

import asyncio
import json
import os
import sys

import atk
import atk.aio

PLANT = os.environ.get("ATK_CONFORMANCE_PLANT", "")
"""For the runner's own tests: a difference that it must find."""


def show(**line):
    if PLANT == "silent":
        return
    print(json.dumps(line), flush=True)


def document(value):
    if isinstance(value, (list, tuple)):
        return [document(one) for one in value]
    if isinstance(value, dict):
        return {name: document(one) for name, one in value.items()}
    if hasattr(value, "as_dict"):
        return document(value.as_dict())
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def callbacks(request, name):
    cancel = atk.CancelToken()
    at = request["cancel_at"]

    def on_event(event):
        shown = document({k: v for k, v in event.as_dict().items() if k != "chunk"})
        if not (PLANT == "event" and shown["event"] == "operation_started"):
            show(event=shown)
        if shown["event"] == at:
            cancel.cancel()

    def on_prompt(prompt):
        show(prompt=document(prompt))
        if at == "prompt":
            cancel.cancel()
        if prompt.id not in request["replies"]:
            return None
        reply = request["replies"][prompt.id]
        return atk.USE_DEFAULT if reply is None else reply

    given = {"cancel": cancel, "on_event": on_event, "on_prompt": on_prompt}
    if request["replies"] is None:
        del given["on_prompt"]
    operation = getattr(atk.Home, name).__annotations__
    return {key: value for key, value in given.items() if key in operation}


async def run(request, module):
    name, given = request["call"], dict(request["with"])
    try:
        if name == "init":
            options = {**callbacks(request, name), **request["options"], **given}
            made = module.Home.init(request["home"], **options)
        else:
            home = module.Home(request["home"], **request["options"])
            words = given.pop("args") if name == "git" else ()
            made = getattr(home, name)(*words, **given, **callbacks(request, name))
        if asyncio.iscoroutine(made):
            made = await made
        outcome = {} if name == "init" else document(made)
        if PLANT == "field" and isinstance(outcome, dict):
            outcome["planted"] = True
        show(outcome=outcome)
    except atk.AtkError as error:
        show(**{"outcome" if PLANT == "success" else "error": document(error.as_dict())})


for line in sys.stdin:
    request = json.loads(line)
    if sys.argv[1] == "async":
        asyncio.run(run(request, atk.aio))
    else:
        asyncio.run(run(request, atk))
