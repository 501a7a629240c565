# SPDX-License-Identifier: GPL-3.0-or-later
"""GMP, MPFR and MPC as grown: against Python's numbers, and by their own test-suites (slow)."""

from __future__ import annotations

import math
import re
import tarfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from lib import chroot, deps, manifest, script, sources
from tests.e2e import cli
from tests.e2e.conftest import Grown
from tests.e2e.grown import guest

SYSTEM = manifest.load(cli.BASE / "sysa", sources.load(cli.BASE).digests)
STEPS = [step.name for step in SYSTEM.steps if step.name in ("mpc-1.3.1", "mp-gcc-10.2")]
"""After each of these there are three libraries by another compiler."""

NUMBERS = r"""
#include <mpc.h>

extern const unsigned char __gmp_binvert_limb_table[128]; /* GMP's one table that is not made again */

int main(void) {
    mpz_t a, b, c, d;
    mpq_t q, r;
    mpfr_t x;
    mpc_t z;
    int i;

    for (i = 1; i < 256; i += 2)
        if ((i * __gmp_binvert_limb_table[i / 2]) % 256 != 1)
            return 1;
    mpz_inits(a, b, c, d, NULL);
    mpz_fac_ui(a, 1000);
    mpz_ui_pow_ui(b, 7, 2000);
    mpz_mul(c, a, b);
    mpz_add_ui(c, c, 12345);
    gmp_printf("%Zd\n", c);
    mpz_tdiv_qr(c, d, c, b);
    gmp_printf("%Zd %Zd\n", c, d);
    mpz_powm(c, a, b, d);
    gmp_printf("%Zd\n", c);
    mpz_fib_ui(c, 5000);
    mpz_gcd(d, a, c);
    gmp_printf("%Zx %Zd\n", c, d);
    mpz_sqrtrem(c, d, b);
    gmp_printf("%Zd %Zd\n", c, d);
    mpq_inits(q, r, NULL);
    for (i = 1; i <= 200; i++) {
        mpq_set_si(r, i % 3 ? 1 : -1, i);
        mpq_add(q, q, r);
    }
    gmp_printf("%Qd\n", q);

    mpfr_init2(x, 3400);
    mpfr_const_pi(x, MPFR_RNDN);
    mpfr_printf("%.1000RDf\n", x);
    mpfr_set_ui(x, 2, MPFR_RNDN);
    mpfr_sqrt(x, x, MPFR_RNDN);
    mpfr_printf("%.1000RDf\n", x);
    mpfr_set_ui(x, 1, MPFR_RNDN);
    mpfr_exp(x, x, MPFR_RNDN);
    mpfr_printf("%.1000RDf\n", x);
    mpfr_zeta_ui(x, 2, MPFR_RNDN);
    mpfr_printf("%.1000RDf\n", x);
    mpfr_set_prec(x, 53);
    for (i = 1; i <= 100; i++) {
        mpfr_set_d(x, i / 7.0, MPFR_RNDN);
        mpfr_sin(x, x, MPFR_RNDN);
        mpfr_printf("%.13a\n", mpfr_get_d(x, MPFR_RNDN));
    }

    mpc_init2(z, 200);
    mpc_set_si_si(z, 3, -4, MPC_RNDNN);
    mpc_pow_ui(z, z, 40, MPC_RNDNN);
    mpc_sqrt(z, z, MPC_RNDNN);
    mpfr_printf("%.0RNf %.0RNf\n", mpc_realref(z), mpc_imagref(z));
    return 0;
}
"""


def pi(digits: int) -> int:
    """The number times ten to that power, rounded down. By Machin's formula."""
    unit: int = 10 ** (digits + 10)

    def arc_tangent(inverse: int) -> int:
        power = total = unit // inverse
        for odd in range(3, 10 * digits, 2):
            power = -power // inverse**2
            total += power // odd
        return total

    return (16 * arc_tangent(5) - 4 * arc_tangent(239)) // 10**10


def expected() -> list[str]:
    """What the program prints, by Python's numbers of any size."""
    a, b = math.factorial(1000), 7**2000
    c = a * b + 12345
    fibonacci, after = 0, 1
    for _ in range(5000):
        fibonacci, after = after, fibonacci + after
    root = math.isqrt(b)
    q = sum((Fraction(1 if i % 3 else -1, i) for i in range(1, 201)), Fraction(0))
    unit = 10**1020
    e, term = 0, unit
    for i in range(1, 600):
        e, term = e + term, term // i
    zeta = pi(1020) ** 2 // (6 * unit)
    z = (3, -4)
    for _ in range(19):
        z = (3 * z[0] + 4 * z[1], 3 * z[1] - 4 * z[0])

    def decimals(value: int) -> str:
        return f"{value // 10**1000}.{value % 10**1000:01000}"

    return [
        f"{c}",
        f"{a} 12345",
        f"{pow(a, b, 12345)}",
        f"{fibonacci:x} {math.gcd(a, fibonacci)}",
        f"{root} {b - root * root}",
        f"{q.numerator}/{q.denominator}",
        decimals(pi(1000)),
        decimals(math.isqrt(2 * 10**2000)),
        decimals(e // 10**20),
        decimals(zeta // 10**20),
        *(f"{math.sin(i / 7.0).hex()}" for i in range(1, 101)),
        f"{z[0]} {z[1]}",
    ]


@pytest.mark.parametrize("step", STEPS)
def test_numbers_are_pythons(grown: Grown, step: str) -> None:
    root = grown(step).root
    (root / "tmp/numbers.c").write_text(NUMBERS)
    guest(root, "/usr/bin/gcc", "-o", "numbers", "numbers.c", "-lmpc", "-lmpfr", "-lgmp")
    lines = guest(root, "./numbers").splitlines()
    assert lines == expected()


MAKEFILE = r"""
all: $(PROGRAMS:=.ran)
common.a: $(COMMON:=.o)
	ar rcs $@ $^
%.o: %.c
	gcc -std=gnu99 -O1 -w $(FLAGS) -c -o $@ $<
%.exe: %.o common.a
	gcc -o $@ $< common.a $(LIBRARIES)
%.ran: %.exe
	@cd $(dir $<) && ./$(notdir $<) >$(notdir $<).log 2>&1; echo "RESULT $* $$?"
.SECONDARY:
"""


@dataclass(frozen=True)
class Suite:
    """A library's own tests."""

    source: str
    folder: str
    common: str
    """What all tests are linked with."""
    left_out: str
    """A pattern for files that are no tests for us."""
    flags: str
    libraries: str
    passed: int
    skipped: tuple[str, ...] = ()
    """What a test needs to be skipped, the library can't do."""


SUITES = {
    "gmp": Suite(
        "gmp_6.2.1+dfsg1.orig.tar.xz",
        "gmp-6.2.1/tests",
        "memory misc refmpf refmpn refmpq refmpz spinner trace",
        "cxx/.*|devel/.*|.*check|rand/(?!t-).*",  # of other libraries and machines; studies
        "-DRETSIGTYPE=void -I../generated -I.. -I. -I../mpn/generic",
        "-lgmp",
        175,
    ),
    "mpfr": Suite(
        "mpfr4_4.2.0.orig.tar.xz",
        "mpfr-4.2.0/tests",
        "memory rnd_mode tests cmp_str random2",
        "tgeneric|tgeneric_ui",  # parts of others
        "-DHAVE_CONFIG_H -DSRCDIR='\".\"' -I../generated -I../src -I.",
        "-lmpfr -lgmp",
        190,
        (
            *(
                "tabort_defalloc1",
                "tabort_defalloc2",
                "tabort_prec_max",
                "tassert",
            ),  # of a library with assertions
            *("tget_set_d128", "tget_set_d64", "tset_float128"),  # no such types
        ),
    ),
    "mpc": Suite(
        "mpclib3_1.3.1.orig.tar.gz",
        "mpc-1.3.1/tests",
        "check_data clear_parameters close_datafile comparisons copy_parameter double_rounding "
        "init_parameters mpfr_flags open_datafile print_parameter random read_data read_description "
        "read_line rounding setprec_parameters tpl_gmp tpl_mpc tpl_mpfr tpl_native",
        "tgeneric|.*_tests|pow_.*",
        "-I../generated -I../src -I.",
        "-lmpc -lmpfr -lgmp",
        74,
    ),
}


def prepared(root: Path, name: str, suite: Suite) -> str:
    """Unpack a suite, make the headers that it wants to see. Returns its folder in the guest."""
    top, place = root / "tmp", f"/tmp/{suite.folder}"
    with tarfile.open(deps.cache() / "distfiles" / suite.source) as archive:
        archive.extractall(top, filter="data")
    generated = top / Path(suite.folder).parent / "generated"
    (generated / "mpn").mkdir(parents=True)
    files = SYSTEM.folder / "steps" / f"{Path(suite.folder).parent}" / "files"
    config = files / "config.h"
    (generated / "config.h").write_text(config.read_text() if config.exists() else "")
    if name == "mpfr":
        (generated / "mparam.h").write_bytes((generated.parent / "src/mparam_h.in").read_bytes())
    elif name == "gmp":
        (top / "gmp.mk").write_text((files / "Makefile").read_text())
        tables = ("fac_table", "fib_table", "mp_bases", "trialdivtab", "jacobitab", "perfsqr")
        headers = [f"generated/{table}.h" for table in tables]
        make = ("/usr/bin/make", "-C", "/tmp/gmp-6.2.1", "-f", "/tmp/gmp.mk", "SOURCE=.")
        guest(root, *make, *headers)
        (generated / "mpn/perfsqr.h").write_bytes((generated / "perfsqr.h").read_bytes())
    return place


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("step", STEPS)
def test_they_pass_their_own_tests(grown: Grown, step: str, name: str) -> None:
    suite, root = SUITES[name], grown(step).root
    place = prepared(root, name, suite)
    folder = root / place.lstrip("/")
    files = {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.c")}
    common = set(suite.common.split())
    programs = sorted(file for file in files - common if not re.fullmatch(suite.left_out, file))
    (folder / "suite.mk").write_text(MAKEFILE)
    make = ["/usr/bin/make", "-k", "-j2", "-C", place, "-f", "suite.mk"]
    variables = [
        f"PROGRAMS={' '.join(programs)}",
        f"COMMON={suite.common}",
        f"FLAGS={suite.flags}",
        f"LIBRARIES={suite.libraries}",
    ]
    ran = chroot.run(root, make + variables, env=script.ENVIRONMENT, timeout=3000)
    output = ran.output.decode(errors="replace")
    results = dict(re.findall(r"^RESULT (\S+) (\d+)$", output, re.MULTILINE))
    assert [program for program in programs if program not in results] == [], output[-4000:]
    failed = [program for program, status in results.items() if status not in ("0", "77")]
    assert failed == [], [(folder / f"{program}.exe.log").read_text() for program in failed]
    assert {program for program, status in results.items() if status == "77"} == set(suite.skipped)
    assert len(programs) - len(suite.skipped) == suite.passed
