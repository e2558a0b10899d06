@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Document, Generic[T]):
    """A plugin for which the operation was done.

    Fields:

    - `directory`: Its directory.
    - `name`: Its display name.
    - `outcome`: What was done.
    """

    result: Literal["done"] = "done"
    directory: str = ""
    """Its directory."""
    name: str = ""
    """Its display name."""
    outcome: T
    """What was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped(Document):
    """A plugin for which there was nothing to do.

    Fields:

    - `directory`: Its directory.
    - `name`: Its display name.
    - `reason`: Why there was nothing to do.
    """

    result: Literal["skipped"] = "skipped"
    directory: str = ""
    """Its directory."""
    name: str = ""
    """Its display name."""
    reason: Skip = Skip.UP_TO_DATE
    """Why there was nothing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Document):
    """A plugin for which the operation failed. It is as it was before.

    Fields:

    - `directory`: Its directory.
    - `name`: Its display name.
    - `error`: Why it failed.
    """

    result: Literal["failed"] = "failed"
    directory: str = ""
    """Its directory."""
    name: str = ""
    """Its display name."""
    error: AtkError = field(default_factory=AtkError)
    """Why it failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Document, Generic[T]):
    """The outcome of an operation on one or more plugins: a line for each.

    Fields:

    - `plugins`: The lines, in the order of the manifest.
    - `warnings`: What deserves attention and is not in the outcome of a plugin.
    """

    plugins: tuple[Done[T] | Skipped | Failed, ...] = ()
    """The lines, in the order of the manifest."""
    warnings: tuple[str, ...] = ()
    """What deserves attention and is not in the outcome of a plugin."""

    @property
    def done(self) -> dict[str, T]:
        """The outcomes, by directory."""
        return {line.directory: line.outcome for line in self.plugins if isinstance(line, Done)}

    @property
    def skipped(self) -> dict[str, Skip]:
        """Why there was nothing to do, by directory."""
        return {line.directory: line.reason for line in self.plugins if isinstance(line, Skipped)}

    @property
    def failed(self) -> dict[str, AtkError]:
        """The errors, by directory."""
        return {line.directory: line.error for line in self.plugins if isinstance(line, Failed)}

    @property
    def ok(self) -> bool:
        """True if nothing failed."""
        return not any(isinstance(line, Failed) for line in self.plugins)

    def raise_for_failures(self) -> None:
        """Raises the error of the first plugin that failed, if there is one."""
        for line in self.plugins:
            if isinstance(line, Failed):
                raise line.error

    def __iter__(self) -> Iterator[Done[T] | Skipped | Failed]:
        return iter(self.plugins)

    def __len__(self) -> int:
        return len(self.plugins)
