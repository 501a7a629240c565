# SPDX-License-Identifier: GPL-3.0-or-later
"""The command `efi`: converts images, and undoes that. The original is only written to if it is asked for."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lib import device, sparse, tools
from lib.errors import UserError
from lib.image import convert, medium, menu, payload, show, sourceme, survey, undo
from lib.image.convert import Plan
from lib.image.entry import Entry, Menu, checked, plain
from lib.image.filesystem import FileSystem
from lib.image.survey import Survey, Volume
from lib.monitor import Monitor

Say = Callable[[str], None]


@dataclass(frozen=True)
class ByHand:
    """What a user says of the target, where its menus do not say it or say it wrongly."""

    kernel: str | None = None
    initrds: tuple[str, ...] = ()
    append: str = ""


def make(
    image: Path,
    out: Path | None,
    files: Callable[[], Mapping[str, bytes]],
    by_hand: ByHand,
    say: Say,
    watcher: Monitor,
    *,
    dry_run: bool,
    second: bool,
) -> None:
    """Convert an image.

    out    where to; None: in place, the image itself
    files  gives what belongs on the EFI system partition; asked for when all else is known to work
    """
    _refuse_existing(out)
    with medium.opened(image) as source:
        is_device = _is_device(image, out is None and not dry_run)
        with _about(image):
            found = survey.of(source)
            plan = convert.plan(found, second=second, fixed=is_device and out is None)
            volume, chosen = target(found, by_hand)
            script = sourceme.make(chosen, sourceme.Place.of(_files(volume), _partition(found, volume)))
        for line in _described(plan, volume, chosen):
            say(line)
        if dry_run:
            say("nothing was written (--dry-run)")
            return
        content = {
            **{name: data for name, data in files().items() if name.lower() != payload.SCRIPT},
            payload.SCRIPT: script,
        }
        pieces = plan.pieces(content)
        changes = [(change.offset, change.content) for change in plan.changes]
        if out is None:
            with _written(image, is_device) as file:
                # First what does no harm and lets everything be undone; then what changes the image.
                if is_device:
                    _zero(file, plan.start, plan.start + convert.ESP_SIZE + undo.LIMIT)
                    _write(file, pieces)
                else:
                    _append(file, found.medium.size, plan.size, pieces)
                os.fsync(file)
                _write(file, changes)
        else:
            with _new(image, out, found.medium.size, watcher) as file:
                os.ftruncate(file, plan.size)
                _write(file, pieces)
                _write(file, changes)
    say(
        f"{out or image}: it starts on UEFI now; {payload.SCRIPT} on its file system {survey.LABEL} says what"
    )
    if is_device and out is None:
        say("unplug it and plug it in again: then the kernel here sees the new partition too")


def restore(image: Path, out: Path | None, say: Say, watcher: Monitor, *, dry_run: bool) -> None:
    """Write the original of a converted image; `out` is None: in place."""
    _refuse_existing(out)
    with _about(image), medium.opened(image) as source:
        is_device = _is_device(image, out is None and not dry_run)
        record = convert.record_of(survey.of(source))
        if record is None:
            raise UserError(
                "it has no record of a conversion: it was not made by this command, or was cut off",
                "fetch the original image again",
            )
        if problem := convert.changed_since(record, source):
            raise UserError(
                f"{problem}, so that undoing it would destroy something", "fetch the original image again"
            )
        say(f"the original has {record.original} bytes; {len(record.pieces)} pieces of it were changed:")
        for piece in record.pieces:
            say(f"  at byte {piece.offset}: {len(piece.before)} bytes")
        if dry_run:
            say("nothing was written (--dry-run)")
            return
        pieces = [(piece.offset, piece.before) for piece in record.pieces]
        if out is None:
            with _written(image, is_device) as file:
                _write(file, pieces)
                os.fsync(file)  # the record is the last to go
                if not is_device:
                    os.ftruncate(file, record.original)
        else:
            with _new(image, out, record.original, watcher) as file:
                _write(file, pieces)
    free = ", but for what was free before" if is_device else ""
    say(f"{out or image}: the original, byte by byte{free}")


def target(found: Survey, by_hand: ByHand) -> tuple[Volume, Menu]:
    """The menu that the script is made of, and where it is; a UserError that says what was looked for."""
    if by_hand.kernel is not None:
        return _by_hand(found, by_hand.kernel, by_hand)
    menus = found.menus()
    best = menu.best([one for _, one in menus])
    if best is not None:
        return next((volume, one) for volume, one in menus if one is best)
    hint = "name the kernel with --kernel, and --initrd and --append with it; or see what there is: inspect"
    if not menus:
        places = ", ".join(menu.PLACES[:6])
        raise UserError(f"no boot menu was found: there is none of {places}, ...", hint)
    problems = [
        entry.problem for _, one in menus for entry in one.entries[max(one.default, 0) :] if entry.problem
    ]
    reason = problems[0] if problems else menus[0][1].problem or "it has no entries"
    raise UserError(f"nothing in its boot menus can be started by kexec: {reason}", hint)


def _by_hand(found: Survey, kernel: str, by_hand: ByHand) -> tuple[Volume, Menu]:
    problem = ""
    for volume in found.volumes:
        if volume.files is None or not volume.files.readable:
            continue
        title = kernel.rsplit("/", 1)[-1]
        entry = checked(volume.files, Entry(title, kernel, by_hand.initrds, by_hand.append))
        if entry.problem is None:
            return volume, Menu("given", "of the command line", (entry,), 0, 0)
        problem = problem if volume.files.kind_of(kernel) is None else entry.problem
    raise UserError(
        problem or f"no file system of it has the file {kernel}",
        "give paths as the file system has them, beginning with /; inspect shows the file systems",
    )


def _partition(found: Survey, volume: Volume) -> int:
    """The number by which Linux knows a volume; 0 for the whole disk."""
    return next((one.number for one in found.partitions() if one.start == volume.start), 0)


def _files(volume: Volume) -> FileSystem:
    assert volume.files is not None
    return volume.files


def _described(plan: Plan, volume: Volume, chosen: Menu) -> Iterator[str]:
    found = plan.survey
    kinds = [
        name
        for name, there in (
            ("MBR", found.mbr), ("GUID partition table", found.gpt),
            ("ISO 9660", found.iso), ("boot catalogue (El Torito)", found.catalogue),
        )
        if there is not None
    ]  # fmt: skip
    yield f"found: {', '.join(kinds)}; {show.size(found.medium.size)}"
    yield f"boot menu: {show.menu_line(volume, chosen)}, {len(chosen.entries)} entries"
    entry = chosen.entries[chosen.default]
    yield f"  starts: {plain(entry.title)}"
    yield f"  kernel: {plain(entry.kernel)}"
    yield from (f"  initrd: {plain(path)}" for path in entry.initrds)
    yield f"  command line: {plain(entry.append)}"
    yield "changes:"
    esp = f"EFI system partition of {convert.ESP_SIZE >> 20} MiB, FAT32, {survey.LABEL}"
    yield f"  at byte {plan.start}: {esp}"
    yield from (f"  at byte {change.offset}: {change.why}" for change in plan.changes)
    yield f"  length: {plan.size} bytes"
    yield from (f"note: {note}" for note in plan.notes)


@contextlib.contextmanager
def _about(image: Path) -> Iterator[None]:
    """Puts the image's name before what is said about it."""
    try:
        yield
    except UserError as error:
        if str(image) in error.message:
            raise
        raise UserError(f"{image}: {error.message}", error.hint) from None


def _refuse_existing(out: Path | None) -> None:
    if out is not None and (out.exists() or out.is_symlink()):
        raise UserError(f"{out} is there already", "choose another name with -o, or remove it")
    if out is not None and not out.parent.is_dir():
        raise UserError(f"there is no folder {out.parent}", "make it, or choose another place with -o")


def _is_device(image: Path, in_place: bool) -> bool:
    """Whether it is a disk and not a file; a UserError if it is in use and shall be changed."""
    found = image.stat().st_mode
    if stat.S_ISBLK(found) and in_place:
        device.check(device.look(image), fixed=True)
    return stat.S_ISBLK(found)


@contextlib.contextmanager
def _written(image: Path, is_device: bool) -> Iterator[int]:
    """The image itself, open for writing; synced in the end."""
    try:
        # O_EXCL: nobody mounts the disk until it is closed.
        file = os.open(image, os.O_RDWR | os.O_CLOEXEC | (os.O_EXCL if is_device else 0))
    except OSError as error:
        raise UserError(f"cannot write to {image}: {error.strerror}") from None
    try:
        with _space(image):
            yield file
            os.fsync(file)
    finally:
        os.close(file)


@contextlib.contextmanager
def _new(image: Path, out: Path, size: int, watcher: Monitor) -> Iterator[int]:
    """A copy of the first bytes of an image; it gets its name when all went well, and is gone otherwise."""
    with _space(out), image.open("rb") as source:
        number, name = tempfile.mkstemp(prefix=f".{out.name[:200]}.", dir=out.parent)
        try:
            try:
                _copy(source.fileno(), number, size, watcher)
                yield number
                os.fchmod(number, 0o644)
                os.fsync(number)
            finally:
                os.close(number)
            Path(name).rename(out)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _copy(source: int, to: int, size: int, watcher: Monitor) -> None:
    watcher.plan(size, "B")
    watcher.start("copying")
    try:
        before = 0
        for at in sparse.copy(source, to, size):
            watcher.advance(at - before)
            before = at
    finally:
        watcher.close()


@contextlib.contextmanager
def _space(out: Path) -> Iterator[None]:
    """Says what to do when something does not fit."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise tools.no_space(out) from None
        if error.errno == errno.EFBIG:
            raise UserError(
                f"{out.parent} cannot hold so large a file", "FAT32 has 4 GiB at most: choose another disk"
            ) from None
        raise


def _write(file: int, pieces: Sequence[tuple[int, bytes]]) -> None:
    for offset, content in pieces:
        left = memoryview(content)
        while left:
            count = os.pwrite(file, left, offset + len(content) - len(left))
            left = left[count:]


def _append(file: int, before: int, size: int, pieces: Sequence[tuple[int, bytes]]) -> None:
    """Make a file longer and fill that part; it is as it was if there is no room."""
    try:
        os.ftruncate(file, size)
        _write(file, pieces)
        os.fsync(file)
    except OSError:
        os.ftruncate(file, before)
        raise


def _zero(file: int, start: int, end: int) -> None:
    """Remove what was there before on a device: files appear by themselves as zeros when they grow."""
    block = bytes(1 << 20)
    for at in range(start, end, len(block)):
        _write(file, [(at, block[: end - at])])
