"""Speaks with a plugin's server through `atk exec`: client.py <atk> <home>."""

import asyncio
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main() -> None:
    atk, home = sys.argv[1:]
    server = StdioServerParameters(command=atk, args=["exec", "seen", "--home", home])
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        assert tools == ["hello"], tools
        result = await session.call_tool("hello", {"name": "atk"})
        text = result.content[0].text
        assert text == "hello atk, s3cret", result
        print(f"initialised; tools {tools}; `hello` answered {text!r}")


asyncio.run(main())
