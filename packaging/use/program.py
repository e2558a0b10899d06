"""Uses the Python package: init, add, list, remove. program.py <home> <source>"""

import sys

import atk

home = atk.Home.init(sys.argv[1])
home.add(sys.argv[2], yes=True)
assert [plugin.directory for plugin in home.list()] == ["weather"]
home.remove("weather", yes=True)
assert home.list() == []
print("the Python package works:", atk.__version__, "on", sys.version.split()[0])
