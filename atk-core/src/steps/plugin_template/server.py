#!/usr/bin/env python3
"""The MCP server: it needs nothing but Python 3.9 or newer.

Add your tools to TOOLS. For resources, prompts and more, use an SDK:
https://modelcontextprotocol.io/docs/sdk
"""

{imports}

VERSIONS = ["2025-06-18", "2025-03-26", "2024-11-05"]


def greet(arguments):
    return f"Hello, {arguments['name']}!"


TOOLS = {
    "greet": {
        "run": greet,
        "description": "Greets somebody by name.",
        "inputSchema": {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
        },
    },
}


def call(parameters):
    """Runs a tool. What goes wrong in it is for the model to read, and no error of the protocol."""
    tool = TOOLS[parameters["name"]]
    try:
        text, failed = tool["run"](parameters.get("arguments") or {}), False
    except Exception as error:
        text, failed = f"{type(error).__name__}: {error}", True
    return {"content": [{"type": "text", "text": text}], "isError": failed}


def result(method, parameters):
    if method == "initialize":
        asked = parameters.get("protocolVersion")
        return {
            "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "{directory}", "version": "0.1.0"},
        }
    if method == "ping":
        return {}
    if method == "tools/list":
        shown = ("description", "inputSchema")
        tools = TOOLS.items()
        return {"tools": [{"name": name, **{key: tool[key] for key in shown}} for name, tool in tools]}
    if method == "tools/call" and parameters.get("name") in TOOLS:
        return call(parameters)
    return None


def answer(text):
    """Returns the answer to a message, as JSON; None if the message needs none."""
    try:
        message = json.loads(text)
        method, number = message["method"], message.get("id")
    except (ValueError, KeyError, TypeError, AttributeError):
        error = {"code": -32600, "message": "not a request"}
        return json.dumps({"jsonrpc": "2.0", "id": None, "error": error})
    if number is None:
        return None
    found = result(method, message.get("params") or {})
    if found is None:
        body = {"error": {"code": -32601, "message": "there is no such method or tool"}}
    else:
        body = {"result": found}
    return json.dumps({"jsonrpc": "2.0", "id": number, **body})


