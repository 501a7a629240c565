# SPDX-License-Identifier: GPL-3.0-or-later
"""musl and the tcc on it: programs are compiled and run in the grown root."""

from __future__ import annotations

import math
import os
import random
import re
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from lib import deps, package
from tests.e2e import grown
from tests.e2e.grown import guest

SMALL, MUSL, TCC = "tcc-0.9.27", "musl-1.2.3", "tcc-0.9.27-musl"
LAST = "busybox-1.35.0"
"""Some of the programs want a shell."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grown root. Tests put files into its /tmp."""
    return grown.root_until(LAST, tmp_path_factory.mktemp("musl"))


def compiled(root: Path, name: str, source: str, *arguments: str) -> str:
    """Compile a program in the grown root, run it, return what it prints."""
    (root / f"tmp/{name}.c").write_text(source)
    assert guest(root, "/usr/bin/tcc", "-Wall", "-Werror", "-o", name, f"{name}.c") == ""
    return guest(root, f"./{name}", *arguments)


def test_nothing_of_the_small_library_stays(root: Path) -> None:
    tars = {name: root / f"packages/{name}.tar" for name in (SMALL, MUSL, TCC)}
    files = {
        name: {entry.name for entry in package.entries(tar) if entry.kind == "file"}
        for name, tar in tars.items()
    }
    left = files[SMALL] - files[MUSL] - files[TCC]
    # tcc's own headers, in which the tcc on musl does not look
    assert {name for name in left if not name.startswith("usr/lib/tcc/include/")} == set()
    where = guest(root, "/usr/bin/tcc", "-print-search-dirs")
    assert re.search(r"^include:\n  /usr/include\nlibraries:", where, re.MULTILINE), where


def test_the_generated_headers_are_those_of_musls_makefile(root: Path, tmp_path: Path) -> None:
    tarball = deps.cache() / "distfiles/musl_1.2.3.orig.tar.gz"
    subprocess.run(["tar", "-xf", tarball, "-C", tmp_path], check=True)
    source, bits = tmp_path / MUSL, root / "usr/include/bits"
    inputs = ["arch/x86_64/bits/alltypes.h.in", "include/alltypes.h.in"]
    sed = subprocess.run(
        ["sed", "-f", "tools/mkalltypes.sed", *inputs], cwd=source, capture_output=True, check=True
    )
    assert (bits / "alltypes.h").read_bytes() == sed.stdout
    numbers = (source / "arch/x86_64/bits/syscall.h.in").read_text()
    again = [line.replace("__NR_", "SYS_") + "\n" for line in numbers.splitlines() if "__NR_" in line]
    assert (bits / "syscall.h").read_text() == numbers + "".join(again)


THREADS = r"""
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>

enum { THREADS = 8, ROUNDS = 10000 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static sem_t finished;
static int counter, turn, initialised, destroyed, errors;

static void initialise(void) { initialised++; }
static void destroy(void *value) {
    pthread_mutex_lock(&mutex);
    destroyed += *(int *)value;
    pthread_mutex_unlock(&mutex);
}

static void *work(void *number) {
    int mine = *(int *)number, i;
    pthread_once(&once, initialise);
    pthread_setspecific(key, number);
    errno = mine + 100;
    for (i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
    }
    pthread_mutex_lock(&mutex);
    while (turn != mine)
        pthread_cond_wait(&changed, &mutex);
    turn++;
    pthread_cond_broadcast(&changed);
    errors += errno != mine + 100 || pthread_getspecific(key) != number;
    pthread_mutex_unlock(&mutex);
    sem_post(&finished);
    return number;
}

static void *forever(void *nothing) {
    for (;;)
        nanosleep(&(struct timespec){1, 0}, NULL);
}

int main(void) {
    pthread_t threads[THREADS], endless;
    int numbers[THREADS], i;
    void *result;
    sem_init(&finished, 0, 0);
    pthread_key_create(&key, destroy);
    for (i = 0; i < THREADS; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL, work, &numbers[i]))
            return 1;
    }
    for (i = 0; i < THREADS; i++)
        sem_wait(&finished);
    for (i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &result);
        errors += result != &numbers[i];
    }
    pthread_create(&endless, NULL, forever, NULL);
    pthread_cancel(endless);
    pthread_join(endless, &result);
    printf("%d %d %d %d %d\n", counter, initialised, destroyed, errors, result == PTHREAD_CANCELED);
    return 0;
}
"""


def test_threads(root: Path) -> None:
    assert compiled(root, "threads", THREADS) == "80000 1 28 0 1\n"


NUMBERS = r"""
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    char line[100];
    while (fgets(line, sizeof line, stdin)) {
        double d = strtod(line, NULL);
        float f = strtof(line, NULL);
        long double l = strtold(line, NULL);
        printf("%a %.17g %.3f %e %G %.9g %d %La\n", d, d, d, d, d, (double)f, d == (double)l, l);
    }
    return 0;
}
"""


def test_numbers_are_read_and_printed_exactly(root: Path) -> None:
    rng = random.Random(1)
    values = [
        0.1,
        1e23,
        5e-324,
        2.2250738585072014e-308,
        1.7976931348623157e308,
        9007199254740993.0,
        0.5,
        2.5,
    ]
    values += [rng.uniform(-1, 1) * 10.0 ** rng.randint(-300, 300) for _ in range(500)]
    values += [rng.uniform(-1e6, 1e6) for _ in range(200)]
    (root / "tmp/numbers.in").write_text("".join(f"{value!r}\n" for value in values))
    (root / "tmp/numbers.c").write_text(NUMBERS)
    guest(root, "/usr/bin/tcc", "-o", "numbers", "numbers.c")
    lines = guest(root, "/bin/sh", "-c", "./numbers < numbers.in").splitlines()
    for value, line in zip(values, lines, strict=True):
        as_hex, *rest, _exact, long_hex = line.split()
        assert float.fromhex(as_hex) == value
        assert rest[:4] == [f"{value:.17g}", f"{value:.3f}", f"{value:e}", f"{value:G}"]
        # The decimal number lies within half a unit of the 64-bit significand from its long double.
        assert as_long(long_hex) == nearest_long(repr(value))


def as_long(text: str) -> tuple[int, int]:
    """A hexadecimal number as (odd numerator, power of two)."""
    found = re.fullmatch(r"(-?)0x([0-9a-f]+)(?:\.([0-9a-f]*))?p([+-]\d+)", text)
    assert found, text
    sign, whole, fraction, power = found.groups()
    fraction = fraction or ""
    return lowest(int(sign + "1") * int(whole + fraction, 16), int(power) - 4 * len(fraction))


def nearest_long(text: str) -> tuple[int, int]:
    """The long double (64 bits of significand) that is nearest to a decimal number; ties to even."""
    exact = Fraction(text)
    size = abs(exact)
    power = math.floor(math.log2(size.numerator) - math.log2(size.denominator)) - 63
    while size / Fraction(2) ** power >= 2**64:
        power += 1
    while size / Fraction(2) ** power < 2**63:
        power -= 1
    return lowest(round(exact / Fraction(2) ** power), power)


def lowest(numerator: int, power: int) -> tuple[int, int]:
    """The same value with an odd numerator."""
    while numerator and numerator % 2 == 0:
        numerator, power = numerator // 2, power + 1
    return numerator, power


MATHEMATICS = r"""
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ONE(f) {#f, f}
static struct { const char *name; double (*f)(double); } one[] = {
    ONE(acos), ONE(asin), ONE(atan), ONE(cbrt), ONE(ceil), ONE(cos), ONE(cosh), ONE(erf), ONE(erfc), ONE(exp),
    ONE(expm1), ONE(fabs), ONE(floor), ONE(lgamma), ONE(log), ONE(log10), ONE(log1p), ONE(log2), ONE(rint),
    ONE(sin), ONE(sinh), ONE(sqrt), ONE(tan), ONE(tanh), ONE(tgamma), ONE(trunc)};
#define TWO(f) {#f, f}
static struct { const char *name; double (*f)(double, double); } two[] = {
    TWO(atan2), TWO(copysign), TWO(fmod), TWO(hypot), TWO(pow), TWO(remainder)};

int main(int argc, char **argv) {
    double x, y;
    while (scanf("%lf %lf", &x, &y) == 2) {
        for (int i = 0; i < sizeof one / sizeof *one; i++)
            printf("%s %a\n", one[i].name, one[i].f(x));
        for (int i = 0; i < sizeof two / sizeof *two; i++)
            printf("%s %a\n", two[i].name, two[i].f(x, y));
        printf("ldexp %a\n", ldexp(x, (int)y));
        printf("sqrtl %d\n", fabsl(sqrtl(fabsl(x)) * sqrtl(fabsl(x)) - fabsl(x)) <= fabsl(x) * 0x1p-62L);
        printf("expl %d\n", fabsl(expl(logl(fabsl(x))) - fabsl(x)) <= fabsl(x) * 0x1p-56L);
    }
    return 0;
}
"""

EXACT = {"ceil", "copysign", "fabs", "floor", "fmod", "ldexp", "remainder", "sqrt", "trunc"}
"""What has one right answer. The others may be off in the last place or two."""


def expected(name: str, x: float, y: float) -> float:
    """By Python, whose library is the host's."""
    if name in ("atan2", "copysign", "fmod", "pow", "remainder", "hypot"):
        f = getattr(math, name)
        return float(f(x, y))
    if name == "ldexp":
        return math.ldexp(x, int(y))
    if name == "rint":
        return float(round(x))
    names = {"tgamma": "gamma"}
    if name == "cbrt":
        return math.copysign(abs(x) ** (1 / 3), x)
    return float(getattr(math, names.get(name, name))(x))


def test_mathematics(root: Path) -> None:
    rng = random.Random(2)
    pairs = [(0.5, 2.0), (1.0, -3.0), (0.75, 0.25), (1e-10, 5.0)]
    pairs += [(rng.uniform(-20, 20), rng.uniform(-8, 8)) for _ in range(100)]
    pairs += [(rng.uniform(-1, 1), rng.uniform(-8, 8)) for _ in range(100)]
    (root / "tmp/mathematics.c").write_text(MATHEMATICS)
    (root / "tmp/mathematics.in").write_text("".join(f"{x!r} {y!r}\n" for x, y in pairs))
    guest(root, "/usr/bin/tcc", "-o", "mathematics", "mathematics.c", "-lm")
    lines = guest(root, "/bin/sh", "-c", "./mathematics < mathematics.in").splitlines()
    per_pair = len(lines) // len(pairs)
    seen = set()
    for index, line in enumerate(lines):
        x, y = pairs[index // per_pair]
        name, text = line.split()
        if name in ("sqrtl", "expl"):
            assert text == "1", (name, x)
            continue
        try:
            right = expected(name, x, y)
        except (ValueError, OverflowError):
            assert text in ("nan", "-nan", "inf", "-inf") or name in ("pow", "tgamma", "lgamma"), (line, x, y)
            continue
        seen.add(name)
        found = float.fromhex(text)
        if name in EXACT:
            assert found == right, (line, x, y)
        else:
            slack = 1e-13 if name in ("tgamma", "lgamma", "cbrt") else 1e-15
            assert math.isclose(found, right, rel_tol=slack, abs_tol=1e-15), (line, right, x, y)
    assert len(seen) > 30


LONG_DOUBLE = r"""
#include <stdio.h>
#include <string.h>
typedef long double L;
static L clip(L x) { return x > 30000 ? 30000 : x > 0 ? x : 0; } /* also what is no number */
static L f1(L a, double b, L c) { return a - b * c; }
static double f2(double a, L b, int c) { return a / 3 + b; }
static L f3(int a, L b, float c) { return a ? b + c : b - c; }
static float f4(float a, double b, L c) { return c * 0.5L + a; }
static void show(L x) {
    unsigned char bytes[16] = {0};
    memcpy(bytes, &x, 10);
    for (int i = 9; i >= 0; i--)
        printf("%02x", bytes[i]);
    printf(x != x ? " no number\n" : "\n");
}
int main(void) {
    L a = 1.25L, b = -3.7L;
    double c = 2.5, d = -0.3;
    float e = 1.5f;
    int i = 5, j = -3;
    unsigned k = 4000000000u;
    long long l = -123456789012LL;
    unsigned long long m = 12345678901234567890ULL;
@
    return 0;
}
"""


def expression(rng: random.Random, depth: int) -> str:
    """Some expression with long doubles, and what they are mixed with."""

    def sub() -> str:
        return expression(rng, depth - 1)

    number = rng.uniform(-9, 9)
    if depth == 0:
        hexadecimal = f"0x{rng.getrandbits(72):x}p-{rng.randint(62, 74)}L"
        leaf: str = rng.choice([*"aabbcdeijklm", f"{number!r}L", f"{number!r}", hexadecimal])
        return leaf
    kinds: list[Callable[[], str]] = [
        lambda: f"({sub()} {rng.choice('+-*')} {sub()})",
        lambda: f"({sub()} / {number!r}L)",
        lambda: f"f1({sub()}, {sub()}, {sub()})",
        lambda: f"f2({sub()}, {sub()}, clip({sub()}))",
        lambda: f"f3(clip({sub()}), {sub()}, {sub()})",
        lambda: f"f4({sub()}, {sub()}, {sub()})",
        lambda: f"(({rng.choice(['float', 'double', 'long double'])}){sub()})",
        lambda: f"(({rng.choice(['int', 'long long', 'unsigned', 'short'])})clip({sub()}))",
        lambda: f"({sub()} {rng.choice(['<', '>', '<=', '==', '!='])} {sub()} ? {sub()} : {sub()})",
        lambda: f"(- {sub()})",
    ]
    return rng.choice(kinds)()


def test_long_double_is_as_gccs(root: Path, tmp_path: Path) -> None:
    rng = random.Random(3)
    lines = []
    for _ in range(300):
        lines += [f"    {name} = clip({expression(rng, 4)});" for name in rng.sample("abcdeijkl", 2)]
        lines += [f"    a = a + {rng.random()!r}L; show({expression(rng, 3)});"]
        lines += [f"    show({name});" for name in "abcdeijkl"]
    source = tmp_path / "long_double.c"
    source.write_text(LONG_DOUBLE.replace("@", "\n".join(lines)))
    subprocess.run(["gcc", "-w", "-O0", "-ffp-contract=off", "-o", tmp_path / "by_gcc", source], check=True)
    by_gcc = subprocess.run([tmp_path / "by_gcc"], capture_output=True, text=True, check=True).stdout
    (root / "tmp/long_double.c").write_text(source.read_text())
    guest(root, "/usr/bin/tcc", "-o", "long_double", "long_double.c")
    ours = guest(root, "./long_double").splitlines()
    theirs = [re.sub(r".* no number", "no number", line) for line in by_gcc.splitlines()]
    assert [re.sub(r".* no number", "no number", line) for line in ours] == theirs


RETURNS = r"""
#include <stdio.h>
static int n;
static int a(int x) { while (x) return 7; }
static int b(int x) { for (;;) if (x > 3) return x; else x += 2; }
static int c(int x) { while (1) if (x++ == 5) continue; else return x; }
static int d(int x) { switch (x) { case 1: n++; } while (x--) if (x == 2) return 30 + x; }
static int e(int x) { do if (x) return 1; while (n); return 2; }
static int f(int x) { while (x) switch (x) default: return 9; }
static int g(int x) { if (x) return 4; else return 5; }
int main(void) {
    printf("%d %d %d %d %d %d %d %d\n", a(1), b(0), c(5), d(6), e(1), e(0), f(1), g(0));
    return 0;
}
"""


def test_return_out_of_a_loop_without_braces(root: Path) -> None:
    (root / "tmp/returns.c").write_text(RETURNS)
    guest(root, "/usr/bin/tcc", "-o", "returns", "returns.c")
    assert guest(root, "./returns") == "7 4 7 32 1 2 9 5\n"


CASES = r"""
#include <stdarg.h>
#include <stdio.h>
struct pair { double a, b; };
static int u(unsigned n) { switch (n) { case -1: return 1; case 5: return 2; default: return 3; } }
static int s(int n)
{
    switch (n) {
    case 0x80000000: return 1; case -5: return 2; case 1: return 3; case 2: return 4; case 3: return 5;
    case 4: return 6; case 5: return 7; case 6: return 8; case 7: return 9; case 0xfffffff0: return 10;
    }
    return 0;
}
static int l(long n) { switch (n) { case -1: return 1; case 0xffffffff: return 2; } return 3; }
static double sum(int n, ...)
{
    double total = 0;
    va_list v;
    va_start(v, n);
    while (n--) {
        struct pair p = va_arg(v, struct pair);
        total = total * 10 + p.a - p.b;
    }
    va_end(v);
    return total;
}
int main(void)
{
    signed char c = -1;
    unsigned char d = 255;
    struct pair p = {5, 2}, q = {9, 5};
    printf("%d %d %d\n", u(0xffffffff), u(5), u(4));
    printf("%d %d %d %d %d\n", s(-2147483647 - 1), s(-5), s(6), s(-16), s(8));
    printf("%d %d %d\n", l(-1), l(0xffffffff), l(0));
    printf("%x %x %x\n", (unsigned short)c, (unsigned short)d, (short)c);
    printf("%g\n", sum(6, p, q, p, q, p, q));
    return 0;
}
"""


def test_cases_of_a_switch_and_what_else_gccs_tests_found(root: Path) -> None:
    (root / "tmp/cases.c").write_text(CASES)
    guest(root, "/usr/bin/tcc", "-o", "cases", "cases.c")
    printed = " ".join(guest(root, "./cases").split())
    assert printed == "1 2 3 1 2 8 10 0 1 2 3 ffff ff ffffffff 343434"


REST = r"""
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <locale.h>
#include <regex.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

extern char **environ;
static sigjmp_buf back;
static volatile int caught;
static int order[4], ordered;
static void handler(int number) { caught++; siglongjmp(back, number); }
__attribute__((constructor)) static void first(void) { order[ordered++] = 1; }
__attribute__((destructor)) static void last(void) { printf("last\n"); }
static void at_exit(void) { printf("at exit\n"); }

static int sum(int n, ...) {
    va_list v;
    long double total = 0;
    va_start(v, n);
    for (; n > 0; n--)
        total += n % 3 == 0 ? va_arg(v, int) : n % 3 == 1 ? va_arg(v, double) : va_arg(v, long double);
    va_end(v);
    return total;
}

int main(void) {
    char buffer[200], *in = "gr\303\274n", *out = buffer;
    size_t in_left = strlen(in), out_left = sizeof buffer;
    struct sigaction action = {.sa_handler = handler};
    struct tm tm = {0};
    regmatch_t match[3];
    regex_t regex;
    iconv_t conv;
    pid_t child;
    int status;
    char *echo[] = {"sh", "-c", "exit 7", NULL};

    order[ordered++] = 2;
    atexit(at_exit);
    sigaction(SIGSEGV, &action, NULL);
    if (!sigsetjmp(back, 1))
        *(volatile char *)0 = 1;
    if (!sigsetjmp(back, 1))
        raise(SIGSEGV);
    printf("%d %d %d\n", caught, order[0], order[1]);

    assert(regcomp(&regex, "([a-z]+)=([0-9]{2,})", REG_EXTENDED) == 0);
    assert(regexec(&regex, "  key=123;", 3, match, 0) == 0);
    printf("%d-%d %d-%d\n", match[1].rm_so, match[1].rm_eo, match[2].rm_so, match[2].rm_eo);

    assert(strptime("2001-02-03 04:05:06", "%Y-%m-%d %H:%M:%S", &tm));
    long seconds = timegm(&tm);
    strftime(buffer, sizeof buffer, "%j %A", &tm);
    printf("%ld %s\n", seconds, buffer);

    conv = iconv_open("UTF-16BE", "UTF-8");
    assert(iconv(conv, &in, &in_left, &out, &out_left) == 0);
    for (char *p = buffer; p < out; p++)
        printf("%02x", (unsigned char)*p);
    setlocale(LC_ALL, "C.UTF-8");
    printf(" %d %ls\n", (int)mbstowcs(NULL, "gr\303\274n", 0), L"gr\374n");

    assert(posix_spawnp(&child, "sh", NULL, NULL, echo, environ) == 0);
    assert(waitpid(child, &status, 0) == child);
    printf("%d %d\n", WEXITSTATUS(status), sum(6, 1, 2.5L, 3.25, 4, 5.5L, 6.75));

    /* system calls with four to six arguments */
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(page != MAP_FAILED && page[4095] == 0);
    assert(prctl(PR_SET_NAME, "renamed", 0, 0, 0) == 0 && prctl(PR_GET_NAME, buffer) == 0);
    int fd = open("rest.file", O_CREAT | O_RDWR | O_TRUNC, 0644);
    assert(pwrite(fd, "abcdef", 6, 10) == 6 && pread(fd, page, 4, 12) == 4);
    assert(sigtimedwait(&action.sa_mask, NULL, &(struct timespec){0, 1}) == -1 && errno == EAGAIN);
    printf("%s %s %.5Lg %a\n", buffer, page, 0x1.8p16383L, 0x1p-1074);
    return 0;
}
"""


def test_everything_else(root: Path) -> None:
    assert compiled(root, "rest", REST).splitlines() == [
        "2 1 2",
        "2-5 6-9",
        "981173106 034 Saturday",
        "0067007200fc006e 4 grün",
        "7 23",
        "renamed cdef 8.923e+4931 0x1p-1074",
        "at exit",
        "last",
    ]


def test_a_program_is_run_in_memory(root: Path) -> None:
    source = 'int printf(const char *, ...); int main(void) { return printf("%d\\n", 6 * 7) != 3; }'
    (root / "tmp/run.c").write_text(source)
    assert guest(root, "/usr/bin/tcc", "-run", "run.c") == "42\n"


def test_glob(tmp_path: Path) -> None:
    glob = grown.host_built(tmp_path, f"{MUSL}/files/glob.c")
    for name in ("b.c", "a.c", "a.h", ".hidden.c", "in/z.c", "in/y.c", "on/x.c", "on/deep/w.c"):
        (tmp_path / "files" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "files" / name).touch()

    def words(*arguments: str) -> list[str]:
        done = subprocess.run(
            [glob, "echo", *arguments],
            cwd=tmp_path / "files",
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], "ASAN_OPTIONS": "detect_leaks=0"},
        )
        return done.stdout.split() if done.returncode == 0 else [done.stderr.strip()]

    assert words("-x", "*.c", "none") == ["-x", "a.c", "b.c", "none"]
    assert words("*/*.c", "o*/*/*.c", "a.*") == ["in/y.c", "in/z.c", "on/x.c", "on/deep/w.c", "a.c", "a.h"]
    assert words("../files/i*/z*") == ["../files/in/z.c"]
    assert words("*.c", "*.d") == ["glob: *.d: no file matches"]
    assert words("nowhere/*") == ["glob: nowhere/*: no file matches"]
