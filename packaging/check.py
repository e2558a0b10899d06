"""Checks that each released file is what its name says.

    python3 packaging/check.py <directory of one Rust target>

For each archive, wheel and npm package: the files in it, and for each binary of Linux its architecture, the
libraries that it loads, and the newest version of glibc that it needs. `readelf` reads the binaries.
Prints a table. Exits with 1 if anything is wrong.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MACHINES = {"x86_64": "Advanced Micro Devices X86-64", "aarch64": "AArch64"}
CPUS = {"x86_64": "x64", "aarch64": "arm64"}
# The newest glibc that a file may need, and what it may load.
GLIBC = (2, 17)
GNU = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1", "libgcc_s.so.1", "libutil.so.1"}
GNU |= {"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
MUSL = {"libc.so", "libgcc_s.so.1"}
# Paths of the machine that built it, which say nothing to a user.
PRIVATE = [str(ROOT).encode(), str(Path.home() / ".cargo").encode()]


def version() -> str:
    text = (ROOT / "Cargo.toml").read_text()
    found = re.search(r'^\[workspace\.package\]\nversion = "(.+)"$', text, re.M)
    assert found
    return found[1]


class Check:
    """The checks of the files of one Rust target, and what they found wrong."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.machine = target.split("-")[0]
        self.version = version()
        self.wrong: list[str] = []
        self.rows: list[tuple[str, str, str, str]] = []

    def expect(self, is_right: bool, text: str) -> None:
        if not is_right:
            self.wrong.append(text)

    def files(self, name: str, data: bytes) -> dict[str, bytes]:
        """The files of an archive, by path; links have the text of their target."""
        if name.endswith((".whl", ".zip")):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return {entry: archive.read(entry) for entry in archive.namelist()}
        found = {}
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for entry in archive:
                self.expect(entry.isfile() or entry.isdir() or entry.issym(), f"{name}: {entry.name} is special")
                self.expect(entry.issym() or not entry.mode & 0o6022, f"{name}: {entry.name} has mode {entry.mode:o}")
                if entry.issym():
                    found[entry.name] = entry.linkname.encode()
                elif entry.isfile():
                    content = archive.extractfile(entry)
                    found[entry.name] = content.read() if content else b""
        return found

    def binary(self, name: str, data: bytes, soname: str | None = None) -> str:
        """Checks one binary. Returns the glibc that it needs, as text."""
        if "-linux-" not in self.target:
            return "-"
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            options = ["--wide", "--file-header", "--dynamic", "--version-info", "--program-headers"]
            output = subprocess.run(["readelf", *options, file.name], capture_output=True, text=True, check=True).stdout
        machine = re.search(r"Machine: +(.+)", output)
        self.expect(machine is not None and machine[1] == MACHINES[self.machine], f"{name}: is of another machine")
        needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", output))
        allowed = MUSL if self.target.endswith("musl") else GNU
        self.expect(needed <= allowed, f"{name}: loads {', '.join(sorted(needed - allowed))}")
        if soname:
            self.expect(f"soname: [{soname}]" in output, f"{name}: its soname is not {soname}")
        self.expect("(TEXTREL)" not in output, f"{name}: has text relocations")
        stack = re.search(r"GNU_STACK.* (R\w*) +\S+$", output, re.M)
        self.expect(stack is not None and stack[1] == "RW", f"{name}: has an executable stack")
        versions = {tuple(map(int, one.split("."))) for one in re.findall(r"GLIBC_(\d[\d.]*)", output)}
        newest = max(versions, default=(0,))
        self.expect(newest <= GLIBC, f"{name}: needs glibc {'.'.join(map(str, newest))}")
        if self.target.endswith("gnu"):
            self.expect(bool(versions), f"{name}: has no versions of glibc")
        return ".".join(map(str, newest)) if versions else "none"

    def has(self, name: str, files: dict[str, bytes], *wanted: str) -> None:
        for path in wanted:
            self.expect(path in files, f"{name}: {path} is missing")

    def command(self, name: str, files: dict[str, bytes]) -> str:
        top = f"atk-{self.version}-{self.target}"
        self.has(name, files, *(f"{top}/{path}" for path in (
            "atk", "LICENSE", "README.md", "CHANGELOG.md", "man/man1/atk.1", "man/man1/atk-add.1",
            "completions/atk.bash", "completions/_atk", "completions/atk.fish")))
        return self.binary(f"{name}: atk", files.get(f"{top}/atk", b""))

    def c_library(self, name: str, files: dict[str, bytes]) -> str:
        top = f"libatk-{self.version}-{self.target}"
        header = files.get(f"{top}/include/atk.h", b"").decode()
        abi = re.search(r"#define ATK_ABI_VERSION (\d+)", header)
        self.expect(f'#define ATK_VERSION "{self.version}"' in header, f"{name}: atk.h is of another version")
        self.expect(abi is not None, f"{name}: atk.h states no ATK_ABI_VERSION")
        soname = f"libatk.so.{abi[1] if abi else ''}"
        self.has(name, files, *(f"{top}/{path}" for path in (
            "include/atk.hpp", "lib/libatk.a", "lib/libatk.so", f"lib/{soname}", "lib/pkgconfig/atk.pc",
            "lib/cmake/atk/atk-config.cmake")))
        pc = files.get(f"{top}/lib/pkgconfig/atk.pc", b"").decode()
        self.expect("prefix=${pcfiledir}/../.." in pc, f"{name}: atk.pc cannot be moved")
        archive = files.get(f"{top}/lib/libatk.a", b"")
        self.expect(archive.startswith(b"!<arch>\n"), f"{name}: libatk.a is not an archive")
        library = files.get(f"{top}/lib/libatk.so.{self.version}", b"")
        symbols = set((ROOT / "atk-ffi/symbols.txt").read_text().split())
        self.expect(self.exported(library) == symbols, f"{name}: exports other symbols than symbols.txt lists")
        return self.binary(f"{name}: libatk.so", library, soname)

    @staticmethod
    def exported(data: bytes) -> set[str]:
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            output = subprocess.run(["readelf", "--wide", "--dyn-syms", file.name], capture_output=True, text=True).stdout
        rows = [line.split() for line in output.splitlines()]
        return {row[7] for row in rows if len(row) == 8 and row[4] == "GLOBAL" and row[6] not in ("UND", "Ndx")}

    def wheel(self, name: str, files: dict[str, bytes]) -> str:
        info = f"atk_core-{self.version}.dist-info"
        self.has(name, files, "atk/__init__.py", "atk/py.typed", "atk/_native.pyi", "atk/_native.abi3.so",
                 f"{info}/METADATA", f"{info}/RECORD", f"{info}/entry_points.txt")
        self.expect(any(path.endswith("/atk_core.pth") for path in files), f"{name}: atk_core.pth is missing")
        metadata = files.get(f"{info}/METADATA", b"").decode()
        self.expect(f"\nName: atk-core\nVersion: {self.version}\n" in metadata, f"{name}: METADATA is of another")
        self.expect(b"atk=atk.__main__:main" in files.get(f"{info}/entry_points.txt", b"").replace(b" ", b""),
                    f"{name}: has no command")
        self.expect(not any("__pycache__" in path or "/tests/" in path for path in files), f"{name}: has what is not shipped")
        tags = name.removesuffix(".whl").split("-")[2:]
        self.expect(tags[:2] == ["cp310", "abi3"], f"{name}: is not for every CPython of 3.10 and newer")
        if self.target.endswith("linux-gnu"):
            self.expect(f"manylinux2014_{self.machine}" in tags[2], f"{name}: is not manylinux2014")
        return self.binary(f"{name}: _native", files.get("atk/_native.abi3.so", b""))

    def npm(self, name: str, files: dict[str, bytes]) -> str:
        manifest = json.loads(files.get("package/package.json", b"{}"))
        self.expect(manifest.get("version") == self.version, f"{name}: package.json is of another version")
        self.has(name, files, "package/LICENSE")
        if name == f"svtoo-atk-{self.version}.tgz":
            platforms = manifest["optionalDependencies"]
            self.expect(len(platforms) == 6 and set(platforms.values()) == {self.version}, f"{name}: platforms")
            self.expect(not any(path.endswith(".node") for path in files), f"{name}: has a binary")
            self.has(name, files, "package/lib/index.cjs", "package/lib/index.mjs", "package/lib/index.d.ts")
            return "-"
        cpu = CPUS[self.machine]
        self.expect(manifest["cpu"] == [cpu], f"{name}: `cpu` is {manifest['cpu']}")
        self.expect(manifest["main"] in manifest["name"].replace("@svtoo/atk-", "atk.") + ".node", f"{name}: `main`")
        return self.binary(f"{name}: {manifest['main']}", files.get(f"package/{manifest['main']}", b""))

    def file(self, path: Path) -> None:
        data = path.read_bytes()
        name = path.name
        files = self.files(name, data)
        kinds = [(f"atk-{self.version}-{self.target}.tar.gz", self.command),
                 (f"libatk-{self.version}-{self.target}.tar.gz", self.c_library)]
        kind = dict(kinds).get(name)
        if name.endswith(".whl"):
            kind = self.wheel
        elif name.startswith("svtoo-atk-") and name.endswith(".tgz"):
            kind = self.npm
        if kind is None:
            self.wrong.append(f"{name}: has an unknown name")
            return
        for entry, content in files.items():
            for private in PRIVATE:
                self.expect(private not in content, f"{name}: {entry} contains {private.decode()}")
        glibc = kind(name, files)
        self.rows.append((name, f"{len(data):,}", glibc, hashlib.sha256(data).hexdigest()[:16]))


def main() -> int:
    directory = Path(sys.argv[1])
    check = Check(directory.name)
    paths = sorted(path for path in directory.iterdir() if path.name != "SHA256SUMS")
    for path in paths:
        check.file(path)
    sums = (directory / "SHA256SUMS").read_text().splitlines()
    expected = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in paths]
    check.expect(sorted(sums) == sorted(expected), "SHA256SUMS is not that of the files")
    wanted = 5 if "-linux-" in check.target else 4
    check.expect(len(paths) == wanted, f"there are {len(paths)} files, not {wanted}")
    for name, size, glibc, digest in check.rows:
        print(f"{name:<70} {size:>12} bytes  glibc {glibc:<5} sha256 {digest}")
    for text in check.wrong:
        print(f"wrong: {text}", file=sys.stderr)
    return 1 if check.wrong else 0


sys.exit(main())
