# SPDX-License-Identifier: GPL-3.0-or-later
"""What rootfs.py can do, one function each."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
import shutil
import sys
from pathlib import Path

from lib import audit as auditing
from lib import (
    baremetal,
    ddc,
    ddc_gcc,
    deps,
    differ,
    digest,
    disk,
    figures,
    kernel,
    layout,
    monitor,
    page,
    picture,
    plan,
    prove,
    report,
    reproduce,
    script,
    sizes,
    sources,
    times,
)  # fmt: skip
from lib import write as writing
from lib.chroot import Chroot
from lib.errors import UserError
from lib.image import efi, medium, payload, show, survey
from lib.manifest import Step
from lib.monitor import Monitor
from lib.options import Options
from lib.plan import Chain
from lib.report import Report
from lib.run import Run
from lib.store import Store
from lib.vessel import Vessel


def main(base: Path, options: Options) -> int:
    """Do what the command line says, for the checkout at `base`."""
    watcher = monitor.for_stream()
    match options.command:
        case "sources":
            return fetch_sources(base, options, watcher)
        case "inspect":
            return inspect(base, options)
        case "verify":
            return verify(base, options, watcher)
        case "status":
            return status(base, options, watcher)
        case "audit":
            return audit(base, options, watcher)
        case "write":
            return write(options, watcher)
        case "efi":
            return convert(base, options, watcher)
    if options.print_script:
        return print_script(base, options)
    if options.update_checksums:
        return update_checksums(base, options, watcher)
    if options.bare_metal:
        return bare_metal(base, options, watcher)
    return build(base, options, watcher)


def build(base: Path, options: Options, watcher: Monitor) -> int:
    """Build in a chroot or a virtual machine."""
    catalogue = sources.load(base)
    chain = plan.load(base, catalogue.digests)
    steps = chain.until(options.until)  # a wrong name is said before anything is done
    vessel = _vessel(options, watcher)
    if vessel.changes_kernel and any(step.system != plan.FIRST for step in steps):
        disk.check()  # hours before a disk is made
    store = None if options.no_store or not vessel.keeps_packages else _store(watcher)
    with layout.opened(options.target) as target:
        done = _run(options, watcher, catalogue, chain, vessel, store, target)
        last = done.steps[-1].system
        place = (
            f"disk: {target.disk}"
            if last != plan.FIRST and vessel.changes_kernel
            else f"root: {target.root_of(last)}"
        )
        watcher.note(f"{len(done.steps)} steps in {done.seconds:.2f} s; {place}, report: {target.report}")
        if stored := sum(step.result == "stored" for step in done.steps):
            watcher.note(f"{stored} of them came from the store: not all of this run has grown from the seed")
    return 0


def bare_metal(base: Path, options: Options, watcher: Monitor) -> int:
    """Write what a real machine needs."""
    catalogue = sources.load(base)
    chain = plan.load(base, catalogue.digests)
    disk.check()
    wanted = dict.fromkeys(name for step in chain.until(options.until) for name in step.sources)
    distfiles = _fetcher(options, watcher, catalogue).fetch(list(wanted))
    size = sizes.parse(options.target_size, "--target-size")
    stick = None
    if options.image is not None:
        stick = baremetal.Stick(options.image, kernel.find(options.kernel, say=watcher.note).path)
    with layout.opened(options.target) as target:
        lines = baremetal.write(
            chain, options.until, target, distfiles, size, words=options.append, stick=stick
        )
    print("\n".join(lines))
    return 0


def _run(
    options: Options,
    watcher: Monitor,
    catalogue: sources.Catalogue,
    chain: Chain,
    vessel: Vessel,
    store: Store | None,
    target: layout.Target,
) -> Report:
    todo = plan.make(chain, options.until, store, options.start, options.rebuild)
    if options.interactive and chain.toolbox not in {step.name for step in todo.steps}:
        raise UserError(
            f"there is no prompt to give before the step {chain.toolbox}", "choose a later --until"
        )
    distfiles = _fetcher(options, watcher, catalogue).fetch(todo.sources())
    watcher.note(f"Log: {target.log}")
    with target.log.open("w", encoding="utf-8", buffering=1) as log:
        log.write(f"seedroot, {vessel.name}, {datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M:%S} UTC\n")
        disk_size = sizes.parse(options.target_size, "--target-size")
        return Run(todo, vessel, target, store, distfiles, watcher, log, options.interactive, disk_size)()


def fetch_sources(base: Path, options: Options, watcher: Monitor) -> int:
    """Fetch and verify all sources."""
    catalogue = sources.load(base)
    fetcher = _fetcher(options, watcher, catalogue)
    paths = fetcher.fetch(list(catalogue.digests))
    watcher.note(f"{len(paths)} sources in {fetcher.folder}, all with the pinned digests")
    return 0


def inspect(base: Path, options: Options) -> int:
    """Print the figures; or, of an image, what is in it."""
    if options.subject is not None:
        with medium.opened(options.subject) as image:
            print("\n".join(show.lines(survey.of(image))))
        return 0
    chain = plan.load(base, sources.load(base).digests)
    if options.write:
        (base / "docs/journey.svg").write_text(picture.of(chain), encoding="utf-8")
    found = figures.of(chain)
    print(json.dumps(found.as_json(), indent=2) if options.json else found.as_text())
    return 0


def convert(base: Path, options: Options, watcher: Monitor) -> int:
    """Make an image start on UEFI too, or undo that."""
    image = options.subject
    assert image is not None
    if options.in_place and not options.dry_run and not options.yes:
        _ask(f"{image} itself will be changed. Go on?")
    if image.is_block_device() and not options.in_place and options.out is None:
        raise UserError(f"{image} is a disk", "say where to: -o FILE; or change the disk itself: --in-place")
    word = "original" if options.undo else "efi"
    out = None if options.in_place else options.out or image.with_name(f"{image.stem}-{word}{image.suffix}")
    if options.undo:
        efi.restore(image, out, print, watcher, dry_run=options.dry_run)
        return 0
    by_hand = efi.ByHand(options.target_kernel, tuple(options.target_initrds), options.target_append or "")
    efi.make(
        image, out, lambda: _efi_files(base, options, watcher), by_hand, print, watcher,
        dry_run=options.dry_run, second=options.second,
    )  # fmt: skip
    return 0


def _efi_files(base: Path, options: Options, watcher: Monitor) -> dict[str, bytes]:
    """What belongs on the EFI system partition, as the chain built it."""
    if options.efi_files is not None:
        return payload.of_archive(options.efi_files)
    chain = plan.load(base, sources.load(base).digests)
    step = next((step for step in chain.steps if step.name == payload.STEP), None)
    if step is None:
        raise UserError(
            f"there is no step {payload.STEP} in this checkout", "give an efi.tar.xz: --with FILE"
        )
    package = plan.make(chain, None, _store(watcher)).stored.get(step.name)
    if package is None:
        raise UserError(
            f"{payload.STEP} is not built: the kernel that starts others comes from the chain",
            f"build it (./rootfs.py --chroot --until {payload.STEP}), or give an efi.tar.xz: --with FILE",
        )
    if chain.pin(step) not in (None, package.digest):
        raise UserError(
            f"the package of {payload.STEP} has not the pinned digest",
            f"build it anew: --rebuild {payload.STEP}",
        )
    return payload.of_package(package.path)


def _ask(question: str) -> None:
    """Ask a person; a UserError if the answer is not yes."""
    if not sys.stdin.isatty():
        raise UserError("there is no terminal to ask on: nothing was changed", "add --yes to do it unasked")
    print(f"{question} [yes/no] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() != "yes":
        raise UserError("nothing was changed")


def audit(base: Path, options: Options, watcher: Monitor) -> int:
    """Print what in the sources was not written by hand, and what becomes of it."""
    catalogue = sources.load(base)
    steps = plan.load(base, catalogue.digests).until(options.until)
    needed = list(dict.fromkeys(name for step in steps for name in step.sources))
    paths = _fetcher(options, watcher, catalogue).fetch(needed)

    scans = auditing.scan_all(paths, catalogue.digests, deps.cache() / "audit")
    found = auditing.of(steps, scans.__getitem__)
    print(json.dumps(found.as_json(), indent=2) if options.json else found.as_text())
    if found.wrong:
        raise UserError("\n".join([f"the audit found {len(found.wrong)} mistakes", *found.wrong]))
    if options.write:
        page.write(base / "docs/trust.md", "audit", found.as_page())
    if options.prove:
        store = _store(watcher)
        chain = plan.load(base, catalogue.digests)
        with layout.opened(options.target) as target:
            done = plan.make(chain, options.until, store)
            print("\n".join(prove.verify(found, done, store, paths, target.path / "prove", watcher)))
    return 0


def write(options: Options, watcher: Monitor) -> int:
    """Write an image onto a disk."""
    lines = writing.write(
        options.to_write, options.device, watcher, yes=options.yes, fixed=options.fixed, in_use=options.in_use
    )
    print("\n".join(lines))
    return 0


def print_script(base: Path, options: Options) -> int:
    """Print both parts of the guest script, as a run from nothing executes them."""
    chain = plan.load(base, sources.load(base).digests)
    steps = chain.until(options.until)
    for system, group in itertools.groupby(steps, lambda step: step.system):
        own = tuple(group)
        text = script.make(
            own,
            toolbox=chain.toolbox,
            sources=any(step.sources for step in own),
            interactive=options.interactive and own[-1] is steps[-1],
            system=system,
        )
        for path, content in (("/seed.kaem", text.seed), (f"/{system}.kaem", text.kaem)):
            print(f"######## {path}\n{content}", end="")
    return 0


def status(base: Path, options: Options, watcher: Monitor) -> int:
    """Print what is in the store, step by step."""
    chain = plan.load(base, sources.load(base).digests)
    store = _store(watcher)
    found = plan.make(chain, None, store)
    if options.times:
        table = times.table({name: stored.cost for name, stored in found.stored.items()})
        print(table)
        if options.write:
            missing = [step.name for step in found.steps if not found.is_there(step)]
            if missing:
                raise UserError(f"{missing[0]} is not in the store", "build it first: ./rootfs.py --chroot")
            page.write(base / "docs/performance.md", "steps", table)
        return 0
    last = report.steps_of(options.target / "report.json")
    width = max(16, *(len(step.name) for step in found.steps))
    for step in found.steps:
        state, value = _state(found, step, last.get(step.name), store)
        pin = chain.pin(step)
        word = "" if not value or step.runner == "none" else "pinned" if pin == value else "not pinned"
        print(f"{step.name:<{width}} {state:<10} {value[:16]:<17} {word}".rstrip())
    return 0


def _state(found: plan.Plan, step: Step, last: report.StepResult | None, store: Store) -> tuple[str, str]:
    """What `status` says of a step: a word, and the digest of the package that a run would take."""
    stored = found.stored.get(step.name)
    if step.runner == "none":
        return "given", found.chain.seed
    if stored:
        there = last is not None and last.digest == stored.digest and last.result in ("built", "stored")
        return "built" if there else "cached", stored.digest
    if last is not None and last.result == "failed":
        return "failed", ""
    if not store.others(step.name):
        return "not built", ""
    return "stale" if step.name in found.identities else "unknown", ""


def verify(base: Path, options: Options, watcher: Monitor) -> int:
    """Check a finished target; or, with --ddc and --reproduce, what no look at one target shows."""
    if options.ddc:
        return _ddc(base, options, watcher)
    if options.reproduce:
        return _reproduce(base, options, watcher)
    done = report.read(options.target / "report.json")
    pins = digest.read_list(base / "SHA256SUMS.packages")
    wrong = report.verify(done, layout.Target(options.target), pins)
    if wrong:
        raise UserError("\n".join(["the target is not what it should be:", *(f"  {line}" for line in wrong)]))
    pinned = sum(step.pinned is not None for step in done.steps)
    print(f"{len(done.steps)} steps as reported, {pinned} of them with a pinned digest")
    return 0


def _ddc(base: Path, options: Options, watcher: Monitor) -> int:
    catalogue = sources.load(base)
    system = plan.load(base, catalogue.digests).system
    distfiles = _fetcher(options, watcher, catalogue).fetch(system.sources())
    with layout.opened(options.target) as target:
        if options.ddc == "gcc":
            lines = ddc_gcc.verify(base, target, distfiles, watcher)
        else:
            lines = ddc.verify(base, target.path, distfiles, watcher)
    print("\n".join(lines))
    return 0


def _reproduce(base: Path, options: Options, watcher: Monitor) -> int:
    catalogue = sources.load(base)
    steps = plan.load(base, catalogue.digests).until(options.until)
    needed = list(dict.fromkeys(name for step in steps for name in step.sources))
    distfiles = _fetcher(options, watcher, catalogue).fetch(needed)
    with layout.opened(options.target) as target:
        lines = reproduce.verify(base, target.path, distfiles, options.until, watcher)
    print("\n".join(lines))
    return 0


def update_checksums(base: Path, options: Options, watcher: Monitor) -> int:
    """Pin the digest of each package that two builds of its step came to.

    What is pinned already, and in the store under an unchanged identity, is not built again.
    """
    catalogue = sources.load(base)
    loaded = plan.load(base, catalogue.digests)
    unpinned = dataclasses.replace(loaded, pins={})
    vessel = _vessel(options, watcher)
    store = None if options.no_store or not vessel.keeps_packages else _store(watcher)
    with layout.opened(options.target) as target:
        digests = _digests(_run(options, watcher, catalogue, unpinned, vessel, store, target))
        again = [name for name, value in digests.items() if loaded.pins.get(f"{name}.tar") != value]
        first = target.path / "first"
        shutil.rmtree(first, ignore_errors=True)
        first.mkdir()
        steps = {
            step.name: target.root_of(step.system) / "packages" / f"{step.name}.tar" for step in loaded.steps
        }
        for name in digests:
            shutil.copyfile(steps[name], first / f"{name}.tar")
        if again:
            options.rebuild = again
            second = _digests(_run(options, watcher, catalogue, unpinned, vessel, store, target))
            for name, value in digests.items():
                if second[name] != value:
                    tar = f"{name}.tar"
                    kept = differ.keep(target.differs, name, first / tar, steps[name])
                    raise UserError("\n".join([f"{tar}: two builds differ; nothing was pinned", *kept]))
        shutil.rmtree(first)
    others = {name: value for name, value in loaded.pins.items() if options.until}
    _write_pins(
        base / "SHA256SUMS.packages", others | {f"{name}.tar": value for name, value in digests.items()}
    )
    watcher.note(f"SHA256SUMS.packages: {len(digests)} packages, {len(again)} of them changed")
    return 0


def _digests(done: Report) -> dict[str, str]:
    """Of the packages of a run, by step."""
    return {step.name: step.digest for step in done.steps if step.digest and step.result != "given"}


def _write_pins(path: Path, digests: dict[str, str]) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_text(digest.format_list(digests), encoding="utf-8")
    new.replace(path)


def _vessel(options: Options, watcher: Monitor) -> Vessel:
    if not options.qemu:
        return Chroot(options.cores)
    if deps.is_grown():
        raise UserError("a system that seedroot has grown has no QEMU", "use --chroot")
    from lib.qemu import Qemu  # noqa: PLC0415 - its packages take as long to load as all the rest

    qemu = Qemu(kernel=options.kernel, accel=options.accel, say=watcher.note, cores=options.cores or 1)
    if options.qemu_ram:
        qemu.ram = options.qemu_ram
    if options.qemu_cmd:
        qemu.command = options.qemu_cmd
    qemu.check()
    return qemu


def _store(watcher: Monitor) -> Store:
    return Store(deps.cache() / "packages", watcher)


def _fetcher(options: Options, watcher: Monitor, catalogue: sources.Catalogue) -> sources.Fetcher:
    folder = options.distfiles or deps.cache() / "distfiles"
    return sources.Fetcher(catalogue, folder, watcher, options.mirror)
