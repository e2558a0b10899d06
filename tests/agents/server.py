"""A real MCP server: one tool, which answers with a secret of the plugin."""

import os

try:
    from mcp.server.mcpserver import MCPServer as Server
except ImportError:
    from mcp.server.fastmcp import FastMCP as Server

server = Server("seen")


@server.tool()
def hello(name: str) -> str:
    """Greets."""
    return f"hello {name}, {os.environ['TOKEN']}"


server.run(transport="stdio")
