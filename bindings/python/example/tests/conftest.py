"""The fixtures of ATK."""

pytest_plugins = ["atk.testing"]
