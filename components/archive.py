"""The code that functions are deployed with.

Both archives are built from explicit, sorted lists of files: a directory's walk would take in
caches, and every function would change with every test run.
"""

from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

import pulumi

_CODE = {".py", ".json", ".txt", ".html", ".typed"}


def _archive(files: Iterable[tuple[str, Path]]) -> pulumi.AssetArchive:
    return pulumi.AssetArchive({name: pulumi.FileAsset(str(path)) for name, path in sorted(files)})


def handlers_archive(folder: Path) -> pulumi.AssetArchive:
    """The package of Lambda handlers in `folder`, importable under the folder's own name.

    Raises:
        FileNotFoundError: the folder holds no Python file.
    """
    files = [
        (path.relative_to(folder.parent).as_posix(), path)
        for path in folder.rglob("*")
        if path.suffix in _CODE and "__pycache__" not in path.parts
    ]
    if not any(path.suffix == ".py" for _, path in files):
        raise FileNotFoundError(
            f"{folder} holds no Python file to deploy; name the handlers' folder"
        )
    return _archive(files)


def layer_archive(distributions: Iterable[str]) -> pulumi.AssetArchive:
    """A Lambda layer of installed distributions, under `python/` as the runtime expects.

    Compiled extensions are left out: they are this machine's, not Lambda's.

    Raises:
        importlib.metadata.PackageNotFoundError: a distribution is not installed.
    """
    return _archive(file for name in distributions for file in _modules(name))


def _modules(distribution: str) -> Iterator[tuple[str, Path]]:
    for file in metadata.files(distribution) or ():
        if file.suffix in _CODE and ".." not in file.parts and "__pycache__" not in file.parts:
            yield f"python/{file.as_posix()}", Path(str(file.locate()))
