"""
The native half of the package `atk`.
"""

from _typeshed import SupportsGetItem
from os import PathLike
from pathlib import Path
from typing import Any, Final, SupportsIndex, final

__all__ = ["VERSION", "CancelToken", "Decoder", "Home", "command", "time_list"]

VERSION: Final[str]

@final
class CancelToken:
    """
    Cancels operations from another thread or from a signal handler.

    One token may be given to several operations. Once it is cancelled they end with
    `CancelledError`, and the home is as it was before.
    """
    def __new__(cls, /) -> CancelToken: ...
    def cancel(self, /) -> None:
        """
        Cancels.
        """
    @property
    def cancelled(self, /) -> bool:
        """
        True once it was cancelled.
        """
    def child(self, /) -> CancelToken:
        """
        A token that is cancelled with this one, and can be cancelled without it.
        """

@final
class Decoder:
    """
    How a document becomes a value of a type.
    """
    @staticmethod
    def dataclass(made: type, fields: SupportsGetItem[int, tuple[str, Decoder, Any | None]]) -> Decoder:
        """
        Makes a frozen dataclass with slots. A field is its name, its decoder, and what makes its
        value where it is absent.
        """
    def decode(self, /, text: str) -> Any:
        """
        Makes a value of JSON.
        """
    @staticmethod
    def list(of: Decoder) -> Decoder:
        """
        Makes a list.
        """
    @staticmethod
    def made(make: Any) -> Decoder:
        """
        Makes a value by a callable, unless it is null.
        """
    @staticmethod
    def member(members: dict[str, Any]) -> Decoder:
        """
        Takes the member of a value.
        """
    @staticmethod
    def plain() -> Decoder:
        """
        Takes a value as JSON has it.
        """
    @staticmethod
    def tagged(tag: str, cases: dict[str, Decoder]) -> Decoder:
        """
        Makes a value by the decoder that the text in the field `tag` names.
        """
    @staticmethod
    def tuple(of: Decoder) -> Decoder:
        """
        Makes a tuple.
        """

@final
class Home:
    """
    A handle on a home.
    """
    def __new__(cls, /, path: str | PathLike[str] | None, settings: str) -> Home:
        """
        Opens a home. Without a path it is where the environment says. `settings` is JSON.
        """
    def call(self, /, operation: str, request: str, decoder: Decoder, on_event: Any | None = None, on_prompt: Any | None = None, cancel: CancelToken | None = None) -> Any:
        """
        Runs an operation. The request is JSON, the outcome what the decoder makes of it.
        """
    @property
    def path(self, /) -> Path:
        """
        The home's path.
        """

def command(words: SupportsGetItem[int, str]) -> int:
    """
    Runs the command `atk` with these words, the first of which is its own name; returns its exit
    status. It takes over SIGINT, SIGTERM and SIGHUP: for the console script alone.
    """

def time_list(path: str | PathLike[str], runs: SupportsIndex) -> float:
    """
    The median time in microseconds that the library itself takes to list a home: for the
    benchmark.
    """
